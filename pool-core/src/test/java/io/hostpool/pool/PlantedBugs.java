package io.hostpool.pool;

import io.hostpool.internal.lease.Chain;
import io.hostpool.internal.lease.ConnectionLimit;
import io.hostpool.internal.lease.ConnectionStore;
import io.hostpool.internal.lease.LeaseConfig;
import io.hostpool.internal.lease.LeaseRules;
import io.hostpool.internal.lease.Ledger;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.PooledConnection;
import io.hostpool.internal.lease.RetiredPools;
import io.hostpool.internal.lease.Use;
import io.hostpool.policy.Capacity;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolState;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Parts that break one rule each, to show that the fuzzer would notice. */
@SuppressWarnings("GuardedBy")
final class PlantedBugs {

  private PlantedBugs() {}

  static UnaryOperator<LeaseConfig.Seams> rules(LeaseRules rules) {
    return seams -> seams.withRules(rules);
  }

  static UnaryOperator<LeaseConfig.Seams> limits(IntFunction<ConnectionLimit> limits) {
    return seams -> seams.withLimits(limits);
  }

  /** Changes the reason for which a connection is not kept. */
  abstract static class Keeps extends LeaseRules {
    @Override
    public @Nullable CloseReason reasonNotToKeep(
        PooledConnection connection, long now, Capacity capacity, Ledger ledger, boolean isWanted) {
      CloseReason reason = super.reasonNotToKeep(connection, now, capacity, ledger, isWanted);
      return reason == kept() ? null : reason;
    }

    abstract CloseReason kept();
  }

  static LeaseRules keeping(CloseReason kept) {
    return new Keeps() {
      @Override
      public CloseReason kept() {
        return kept;
      }
    };
  }

  static final class ServesTheNewestFirst extends LeaseRules {
    @Override
    public @Nullable PendingAcquire next(
        Chain<PendingAcquire> racing, Chain<PendingAcquire> queue) {
      PendingAcquire first = racing.oldest();
      Chain.Link<PendingAcquire> newest = queue.newestLink();
      return first != null || newest == null ? first : newest.value();
    }
  }

  static final class HandsNothingOver extends LeaseRules {
    @Override
    public @Nullable PendingAcquire next(
        Chain<PendingAcquire> racing, Chain<PendingAcquire> queue) {
      return null;
    }
  }

  static final class OpensOneMore extends LeaseRules {
    @Override
    public boolean mayOpen(Capacity capacity, Ledger ledger) {
      return capacity.overflows() || ledger.permitsTaken() <= capacity.maxsize();
    }
  }

  static final class OpensOneLess extends LeaseRules {
    @Override
    public boolean mayOpen(Capacity capacity, Ledger ledger) {
      return capacity.overflows() || ledger.permitsTaken() + 1 < capacity.maxsize();
    }
  }

  static final class ShrinksToOneMore extends LeaseRules {
    @Override
    public int surplus(Capacity capacity, Ledger ledger) {
      return Math.max(0, super.surplus(capacity, ledger) - 1);
    }
  }

  static final class OpensAheadBeyondTheSize extends LeaseRules {
    @Override
    public boolean mayOpenAhead(int count, Capacity capacity, Ledger ledger) {
      return ledger.state() == PoolState.OPEN && ledger.permitsTaken() < count + 3;
    }
  }

  static final class AllowsOneMore extends ConnectionLimit {
    AllowsOneMore(int max) {
      super(max);
    }

    @Override
    public boolean isFull() {
      return taken() > max();
    }
  }

  static final class NothingGivesWay extends ConnectionLimit {
    NothingGivesWay(int max) {
      super(max);
    }

    @Override
    public @Nullable PooledConnection longestIdle() {
      return null;
    }
  }

  static final class BusyPoolsKeepWhatTheyHave extends ConnectionLimit {
    BusyPoolsKeepWhatTheyHave(int max) {
      super(max);
    }

    @Override
    public @Nullable PendingAcquire passOn(PooledConnection connection, Member own) {
      return own.first() == null ? super.passOn(connection, own) : null;
    }
  }

  static final class LosesSlots extends ConnectionLimit {
    private int given;

    LosesSlots(int max) {
      super(max);
    }

    @Override
    public void giveBack() {
      if (++given % 20 != 0) {
        super.giveBack();
      }
    }
  }

  static final class ForgetsEvicted extends RetiredPools {
    @Override
    public void add(Retired source) {}
  }

  static final class LosesFailedDials extends PoolModel.Faults {
    @Override
    public void dialFailed(ConnectionStore store, PendingAcquire pending) {
      pending.fail(new IllegalStateException("a bug"));
    }
  }

  static final class LosesUnusedPermits extends PoolModel.Faults {
    @Override
    public void returnUnusedPermit(ConnectionStore store, PendingAcquire pending) {
      pending.takeUnusedPermit();
    }
  }

  static final class PermitForTimeout extends PoolModel.Faults {
    @Override
    public void timedOut(ConnectionStore store, PendingAcquire pending) {
      super.timedOut(store, pending);
      store.dialFailed(new PendingAcquire(), new IllegalStateException("a bug"));
    }
  }

  static final class ForgetsInterrupted extends PoolModel.Faults {
    @Override
    public void abandon(ConnectionStore store, PendingAcquire pending) {
      // Its place, its permit and its connection stay booked.
    }
  }

  static final class LeavesPredecessorsOpen extends PoolModel.Faults {
    @Override
    public void closePredecessor(PendingAcquire pending) {
      pending.replaces(null, null, pending.isRedial());
    }
  }

  static final class ReleasesTwice extends PoolModel.Faults {
    @Override
    public void release(
        ConnectionStore store, PooledConnection connection, CloseReason broken, Use use) {
      super.release(store, connection, CloseReason.ERROR, use);
      super.release(store, connection, CloseReason.ERROR, Use.NONE);
    }
  }

  static final class CountsErrorsOnly extends PoolModel.Faults {
    @Override
    public void release(
        ConnectionStore store, PooledConnection connection, CloseReason broken, Use use) {
      if (broken == null) {
        super.release(store, connection, null, use);
      }
    }
  }
}
