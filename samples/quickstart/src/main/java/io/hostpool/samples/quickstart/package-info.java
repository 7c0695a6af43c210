/** The quickstart: a web application that needs nothing but itself. */
@NullMarked
package io.hostpool.samples.quickstart;

import org.jspecify.annotations.NullMarked;
