/** A scripted HTTP server on loopback for this project's tests. */
@NullMarked
package io.hostpool.testkit;

import org.jspecify.annotations.NullMarked;
