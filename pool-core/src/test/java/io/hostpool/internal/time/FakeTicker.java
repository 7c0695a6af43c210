package io.hostpool.internal.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it. Thread-safe. */
public final class FakeTicker implements Ticker {

  private final AtomicLong nanos = new AtomicLong(1_000_000);

  @Override
  public long nanos() {
    return nanos.get();
  }

  public void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
