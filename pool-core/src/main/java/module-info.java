/** One connection pool per host, an LRU of those pools, sessions with mounted adapters. */
module io.hostpool.core {
  requires org.apache.httpcomponents.core5.httpcore5;
  requires org.slf4j;
  requires static org.jspecify;
  requires static com.google.errorprone.annotations;

  exports io.hostpool;
  exports io.hostpool.adapter;
  exports io.hostpool.error;
  exports io.hostpool.http;
  exports io.hostpool.net;
  exports io.hostpool.policy;
  exports io.hostpool.pool;
  exports io.hostpool.stats;
}
