package io.hostpool;

import io.hostpool.adapter.TransportAdapter;
import java.util.Objects;

/**
 * An adapter and the prefix of the URLs it serves. Immutable.
 *
 * @param prefix {@code scheme://}, {@code scheme://host} or {@code scheme://host:port/path}, scheme
 *     and host in lower case
 */
public record Mount(String prefix, TransportAdapter adapter) {

  public Mount {
    Objects.requireNonNull(prefix, "prefix");
    Objects.requireNonNull(adapter, "adapter");
  }
}
