/** Auto-configuration: {@code hostpool.*} to a session bean and its meters. */
@NullMarked
package io.hostpool.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
