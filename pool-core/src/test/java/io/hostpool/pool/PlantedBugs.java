package io.hostpool.pool;

import org.jspecify.annotations.Nullable;

/** Stores that break one rule each, to show that the fuzzer would notice. */
@SuppressWarnings("GuardedBy")
final class PlantedBugs {

  private PlantedBugs() {}

  static final class KeepsAll extends ConnectionStore {
    KeepsAll(PoolKey key, PoolConfig config, Capacity capacity, PoolErrors errors) {
      super(key, config, capacity, errors);
    }

    @Override
    boolean hasRoom() {
      return true;
    }
  }

  static final class HandsNoPermitOn extends ConnectionStore {
    HandsNoPermitOn(PoolKey key, PoolConfig config, Capacity capacity, PoolErrors errors) {
      super(key, config, capacity, errors);
    }

    @Override
    @Nullable Waiter handPermitOn() {
      return null;
    }
  }

  static final class HandsNothingOver extends ConnectionStore {
    HandsNothingOver(PoolKey key, PoolConfig config, Capacity capacity, PoolErrors errors) {
      super(key, config, capacity, errors);
    }

    @Override
    @Nullable Waiter nextInLine() {
      // What is free is left for whoever asks next.
      return null;
    }
  }

  static final class ServesTheSecondFirst extends ConnectionStore {
    ServesTheSecondFirst(PoolKey key, PoolConfig config, Capacity capacity, PoolErrors errors) {
      super(key, config, capacity, errors);
    }

    @Override
    @Nullable Waiter nextInLine() {
      Waiter first = waiters.poll();
      if (first == null || waiters.isEmpty()) {
        return first;
      }
      waiters.add(first);
      return waiters.poll();
    }
  }

  static final class KeepsAfterRetire extends ConnectionStore {
    KeepsAfterRetire(PoolKey key, PoolConfig config, Capacity capacity, PoolErrors errors) {
      super(key, config, capacity, errors);
    }

    @Override
    @Nullable CloseReason reasonNotToKeep(PooledConnection connection, long now) {
      CloseReason reason = super.reasonNotToKeep(connection, now);
      return reason == CloseReason.EVICTED ? null : reason;
    }
  }

  static final class KeepsAfterClose extends ConnectionStore {
    KeepsAfterClose(PoolKey key, PoolConfig config, Capacity capacity, PoolErrors errors) {
      super(key, config, capacity, errors);
    }

    @Override
    @Nullable CloseReason reasonNotToKeep(PooledConnection connection, long now) {
      CloseReason reason = super.reasonNotToKeep(connection, now);
      return reason == CloseReason.SHUTDOWN ? null : reason;
    }
  }

  static final class LosesFailedDials extends ConnectionStore {
    LosesFailedDials(PoolKey key, PoolConfig config, Capacity capacity, PoolErrors errors) {
      super(key, config, capacity, errors);
    }

    @Override
    void dialEnded(boolean isFailure) {
      if (!isFailure) {
        super.dialEnded(false);
      }
    }
  }

  static final class PermitForTimeout extends ConnectionStore {
    PermitForTimeout(PoolKey key, PoolConfig config, Capacity capacity, PoolErrors errors) {
      super(key, config, capacity, errors);
    }

    @Override
    @Nullable PoolStats timedOut(Waiter waiter) {
      PoolStats seen = super.timedOut(waiter);
      if (seen != null) {
        super.dialEnded(false);
      }
      return seen;
    }
  }

  static final class ForgetsInterrupted extends ConnectionStore {
    ForgetsInterrupted(PoolKey key, PoolConfig config, Capacity capacity, PoolErrors errors) {
      super(key, config, capacity, errors);
    }

    @Override
    void interrupted(Waiter waiter) {
      // The waiter stays in the queue, and somebody will serve it.
    }
  }

  static final class LeavesOpen extends ConnectionStore {
    LeavesOpen(PoolKey key, PoolConfig config, Capacity capacity, PoolErrors errors) {
      super(key, config, capacity, errors);
    }

    @Override
    void closeConnection(PooledConnection connection, CloseReason reason) {
      if (reason != CloseReason.OVERFLOW) {
        super.closeConnection(connection, reason);
      }
    }
  }

  static final class ClosesTwice extends ConnectionStore {
    ClosesTwice(PoolKey key, PoolConfig config, Capacity capacity, PoolErrors errors) {
      super(key, config, capacity, errors);
    }

    @Override
    void closeConnection(PooledConnection connection, CloseReason reason) {
      super.closeConnection(connection, reason);
      super.closeConnection(connection, reason);
    }
  }

  static final class ReleasesTwice extends ConnectionStore {
    ReleasesTwice(PoolKey key, PoolConfig config, Capacity capacity, PoolErrors errors) {
      super(key, config, capacity, errors);
    }

    @Override
    void release(PooledConnection connection, @Nullable CloseReason broken, Service service) {
      super.release(connection, broken, service);
      super.release(connection, broken, Service.NONE);
    }
  }

  static final class HandsOutTheDead extends ConnectionStore {
    HandsOutTheDead(PoolKey key, PoolConfig config, Capacity capacity, PoolErrors errors) {
      super(key, config, capacity, errors);
    }

    @Override
    Grant replace(PooledConnection dead, CloseReason reason) {
      dead.connection().close();
      return dead;
    }
  }

  static final class CloseForgetsWaiters extends ConnectionStore {
    CloseForgetsWaiters(PoolKey key, PoolConfig config, Capacity capacity, PoolErrors errors) {
      super(key, config, capacity, errors);
    }

    @Override
    @Nullable Waiter nextInLine() {
      return stats().state() == PoolState.CLOSED ? null : super.nextInLine();
    }
  }
}
