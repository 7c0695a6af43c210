package io.hostpool.internal.lease;

import io.hostpool.internal.time.Ticker;
import io.hostpool.stats.AcquireOutcome;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolListener;
import io.hostpool.stats.PoolView;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls listeners in isolation: nothing they throw gets out. Without listeners not even the clock
 * is read. Thread-safe.
 */
public final class PoolEvents {

  private static final Logger LOG = LoggerFactory.getLogger("io.hostpool.pool");

  private final List<PoolListener> listeners;
  private final Ticker ticker;
  private final boolean active;

  public PoolEvents(List<PoolListener> listeners, Ticker ticker) {
    this.listeners = List.copyOf(listeners);
    this.ticker = ticker;
    this.active = !listeners.isEmpty();
  }

  /** Returns the time for measuring, 0 if there are no listeners. */
  long start() {
    return active ? ticker.nanos() : 0;
  }

  public void created(PoolView pool) {
    tell(listener -> listener.poolCreated(pool));
  }

  public void removed(PoolView pool) {
    tell(listener -> listener.poolRemoved(pool));
  }

  void acquired(String pool, AcquireOutcome outcome, long start) {
    if (active) {
      Duration time = Duration.ofNanos(ticker.nanos() - start);
      tell(listener -> listener.connectionAcquired(pool, outcome, time));
    }
  }

  void acquireFailed(String pool, AcquireOutcome outcome, long start) {
    if (active) {
      Duration time = Duration.ofNanos(ticker.nanos() - start);
      tell(listener -> listener.acquireFailed(pool, outcome, time));
    }
  }

  void opened(String pool, long start) {
    if (active) {
      Duration time = Duration.ofNanos(ticker.nanos() - start);
      tell(listener -> listener.connectionOpened(pool, time));
    }
  }

  void released(String pool, long start) {
    if (active) {
      Duration time = Duration.ofNanos(ticker.nanos() - start);
      tell(listener -> listener.connectionReleased(pool, time));
    }
  }

  void closed(String pool, CloseReason reason) {
    if (active) {
      tell(listener -> listener.connectionClosed(pool, reason));
    }
  }

  private void tell(Consumer<PoolListener> event) {
    for (PoolListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (Throwable e) {
        // Errors too: of a web application that is gone, for example. A permit must not go with it.
        warn(e);
      }
    }
  }

  private static void warn(Throwable failure) {
    try {
      LOG.warn("A PoolListener failed; the request goes on", failure);
    } catch (Throwable e) {
      // The request matters more than the line.
    }
  }
}
