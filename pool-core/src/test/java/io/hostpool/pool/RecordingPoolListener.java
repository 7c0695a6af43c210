package io.hostpool.pool;

import io.hostpool.stats.AcquireOutcome;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolListener;
import io.hostpool.stats.PoolView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it is told, one line an event, times left out. */
final class RecordingPoolListener implements PoolListener {

  private final List<String> events = new CopyOnWriteArrayList<>();

  List<String> events() {
    return events;
  }

  @Override
  public void poolCreated(PoolView pool) {
    events.add("created " + pool.stats().key());
  }

  @Override
  public void poolRemoved(PoolView pool) {
    events.add("removed " + pool.stats().key());
  }

  @Override
  public void connectionAcquired(String pool, AcquireOutcome outcome, Duration time) {
    events.add("acquired " + outcome.tag());
  }

  @Override
  public void acquireFailed(String pool, AcquireOutcome outcome, Duration time) {
    events.add("failed " + outcome.tag());
  }

  @Override
  public void connectionOpened(String pool, Duration time) {
    events.add("opened");
  }

  @Override
  public void connectionReleased(String pool, Duration time) {
    events.add("released");
  }

  @Override
  public void connectionClosed(String pool, CloseReason reason) {
    events.add("closed " + reason.tag());
  }
}
