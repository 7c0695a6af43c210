package io.hostpool.benchmarks;

/** One HTTP client under measurement. Thread-safe; each call blocks. */
interface Client extends AutoCloseable {

  /** Sends a GET, reads the whole body and returns its length. */
  int get(String url) throws Exception;

  /** Sends a POST, reads the whole body and returns its length. */
  int post(String url, byte[] body) throws Exception;

  @Override
  void close() throws Exception;
}
