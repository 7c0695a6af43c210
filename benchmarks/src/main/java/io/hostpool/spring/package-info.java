/** What the meters of many pools cost. */
@NullMarked
package io.hostpool.spring;

import org.jspecify.annotations.NullMarked;
