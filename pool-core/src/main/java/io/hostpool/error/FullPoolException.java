package io.hostpool.error;

/**
 * A connection was given to a pool that has no place for it and may not discard it. Leases cannot
 * cause it: each goes back to the place it came from. urllib3: {@code FullPoolError}.
 */
public final class FullPoolException extends PoolException {

  public FullPoolException(String message) {
    super(message, Progress.unsent(Phase.ACQUIRE), null);
  }
}
