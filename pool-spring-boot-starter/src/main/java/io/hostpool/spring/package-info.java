/** A {@code Session} for Spring Boot: properties to beans, pools to meters. */
@NullMarked
package io.hostpool.spring;

import org.jspecify.annotations.NullMarked;
