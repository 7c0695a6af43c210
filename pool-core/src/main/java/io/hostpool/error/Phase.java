package io.hostpool.error;

/** The step of a request that failed or ran out of time, in the order in which they happen. */
public enum Phase {
  /** Waiting for a connection of the pool. Nothing was sent. */
  ACQUIRE,
  /** Resolving the host name. Nothing was sent. */
  RESOLVE,
  /** Opening the TCP connection. Nothing was sent. */
  CONNECT,
  /** Asking a proxy for a tunnel. Nothing was sent to the origin. */
  TUNNEL,
  /** Shaking hands over TLS. Nothing of the request was sent. */
  TLS,
  /** Writing the request. */
  SEND,
  /** Waiting for and reading the status line and the headers. */
  HEAD,
  /** Reading or decoding the body. */
  BODY,
  /** Pausing before the next attempt. */
  BACKOFF,
  /** Following a redirect. */
  REDIRECT
}
