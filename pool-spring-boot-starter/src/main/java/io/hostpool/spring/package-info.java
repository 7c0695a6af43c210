/** A {@code Session} for Spring Boot: customizers, and the session below Spring's own clients. */
@NullMarked
package io.hostpool.spring;

import org.jspecify.annotations.NullMarked;
