package io.hostpool;

import io.hostpool.adapter.TransportAdapter;
import java.util.Objects;

/**
 * An adapter and the prefix of the URLs it serves. Immutable.
 *
 * @param prefix {@code scheme://}, {@code scheme://host} or {@code scheme://host:port/path} in the
 *     form of {@link #canonicalPrefix}
 */
public record Mount(String prefix, TransportAdapter adapter) {

  public Mount {
    Objects.requireNonNull(prefix, "prefix");
    Objects.requireNonNull(adapter, "adapter");
  }

  /**
   * Returns {@code prefix} as {@link Session#mounts()} shows it: scheme and host in lower case and
   * ASCII, and before a path no port that is the scheme's own. Of two prefixes that are the same in
   * this form, the one mounted later takes the other's place.
   *
   * @throws IllegalArgumentException if {@code prefix} is none
   */
  public static String canonicalPrefix(String prefix) {
    return MountPrefix.parse(prefix).text();
  }
}
