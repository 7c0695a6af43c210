package io.hostpool.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Resolves host names. IP literals are not resolved. Must be thread-safe; may block. */
@FunctionalInterface
public interface Resolver {

  /**
   * Returns the addresses of {@code host} in the order in which they are to be tried.
   *
   * @throws UnknownHostException if there are none
   */
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /**
   * Returns the resolver of the JVM. How long it caches is a setting of the JVM ({@code
   * networkaddress.cache.ttl}).
   */
  static Resolver system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}
