package io.hostpool.pool;

/** What the fuzzer found not to hold, by name, so that a planted bug can say which it breaks. */
final class BrokenInvariant extends AssertionError {

  /** What must be true of the pools after each step. */
  enum Invariant {
    /** The numbers of a pool say what the threads have. */
    BOOKS,
    /** Opened less closed is idle and leased, and no counter goes back. */
    COUNTERS,
    /** No connection is out twice, closed twice, or handed out closed. */
    ONE_HOLDER,
    /** A connection that is booked as closed is closed, and none else. */
    SOCKETS,
    /** Sizes of pools hold. */
    SIZE,
    /** All pools together have no more connections than they may. */
    LIMIT,
    /** The slots that are taken are those of connections and of permits. */
    SLOTS,
    /** First come, first served. */
    ORDER,
    /** No thread waits while there is something to have. */
    PROGRESS,
    /** A pool that ended keeps nothing; a closed one serves and keeps waiting no thread. */
    END,
    /** A wait that ends changes nothing else. */
    TIMEOUT
  }

  private final Invariant invariant;

  private BrokenInvariant(Invariant invariant, String what) {
    super(invariant + ": " + what);
    this.invariant = invariant;
  }

  Invariant invariant() {
    return invariant;
  }

  static void require(Invariant invariant, boolean holds, String what) {
    if (!holds) {
      throw new BrokenInvariant(invariant, what);
    }
  }
}
