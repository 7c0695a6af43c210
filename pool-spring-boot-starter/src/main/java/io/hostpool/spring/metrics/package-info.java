/** Connection pools as Micrometer meters. */
@NullMarked
package io.hostpool.spring.metrics;

import org.jspecify.annotations.NullMarked;
