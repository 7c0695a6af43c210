package io.hostpool.internal.socket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.hostpool.internal.thread.Background;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Ends reads that take too long, by closing what they read from: a read under a socket timeout
 * costs several system calls more than one without, and a connection on which a read timed out is
 * never used again anyway. Thread-safe.
 *
 * <p>A reader only writes down when it must have ended, and looks whether that is before the next
 * time that somebody looks; if so, it has the look brought forward. The looker first declares that
 * nobody looks any more and then reads what is written down, so that one of the two sees the other.
 * With timeouts of a similar length there is one look each such length, however many reads.
 *
 * <p>It is held by what opens connections, not by the process: connections that a program forgets
 * must go with it.
 */
public final class ReadWatch {

  /** Not due in 292 years. */
  private static final long NEVER = Long.MAX_VALUE;

  private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

  private static final long NOT_READING = Long.MAX_VALUE;
  private static final long EXPIRED = Long.MAX_VALUE - 1;

  /**
   * A look is late rather than often, by twice this at most: a burst of reads is not to cause a
   * burst of looks.
   */
  private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** A look that is so late was lost. */
  private static final long OVERDUE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Scheduler scheduler;
  private final Clock clock;
  private final long epoch;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final List<Reader> readers = new ArrayList<>();

  /** When the next look is, in nanoseconds since {@code epoch}. */
  private volatile long nextCheck = NEVER;

  /** Runs a task later. */
  @FunctionalInterface
  interface Scheduler {
    Future<?> schedule(Runnable task, long nanos);
  }

  /** Tells nanoseconds from any start. */
  @FunctionalInterface
  interface Clock {
    long nanos();
  }

  public ReadWatch() {
    this(Background::schedule, System::nanoTime);
  }

  ReadWatch(Scheduler scheduler, Clock clock) {
    this.scheduler = scheduler;
    this.clock = clock;
    this.epoch = clock.nanos();
  }

  /**
   * What is watched, from {@link #add} to {@link #remove}. One thread reads at a time, between
   * {@link #begin} and {@link #end}.
   */
  abstract static class Reader {
    private static final VarHandle DUE;

    static {
      try {
        DUE = MethodHandles.lookup().findVarHandle(Reader.class, "due", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private volatile long due = NOT_READING;

    /** Where the watch holds it; guarded by the watch. */
    private int index = -1;

    /** Ends the read that is going on, without blocking. Called once at most. */
    abstract void expire();
  }

  void add(Reader reader) {
    lock.lock();
    try {
      reader.index = readers.size();
      readers.add(reader);
    } finally {
      lock.unlock();
    }
  }

  /** Twice is harmless. */
  void remove(Reader reader) {
    lock.lock();
    try {
      if (reader.index >= 0) {
        Reader last = readers.remove(readers.size() - 1);
        if (last != reader) {
          readers.set(reader.index, last);
          last.index = reader.index;
        }
        reader.index = -1;
      }
    } finally {
      lock.unlock();
    }
  }

  /** The read that follows may take {@code nanos}. */
  void begin(Reader reader, long nanos) {
    long now = now();
    long due = now + Math.min(nanos, LONGEST_NANOS);
    reader.due = due;
    long next = nextCheck;
    if (due + SLACK_NANOS < next || next < now - OVERDUE_NANOS) {
      checkAt(due, now);
    }
  }

  /** The read is over; returns whether it was ended from here. */
  boolean end(Reader reader) {
    return (long) Reader.DUE.getAndSet(reader, NOT_READING) == EXPIRED;
  }

  private void checkAt(long due, long now) {
    lock.lock();
    try {
      if (due < nextCheck || nextCheck < now - OVERDUE_NANOS) {
        // In this order: if it cannot be scheduled, for want of a thread, the next read tries
        // again.
        var unused = scheduler.schedule(() -> check(due), due - now + SLACK_NANOS);
        nextCheck = due;
      }
    } finally {
      lock.unlock();
    }
  }

  private void check(long planned) {
    List<Reader> overdue;
    lock.lock();
    try {
      if (nextCheck != planned) {
        // Another look was brought forward past this one, and has planned the next.
        return;
      }
      nextCheck = NEVER;
      overdue = new ArrayList<>();
      long now = now();
      long first = NEVER;
      for (Reader reader : readers) {
        long due = reader.due;
        if (due <= now && Reader.DUE.compareAndSet(reader, due, EXPIRED)) {
          overdue.add(reader);
        } else if (due < EXPIRED && due > now) {
          first = Math.min(first, due);
        }
      }
      if (first != NEVER) {
        checkAt(first, now);
      }
    } finally {
      lock.unlock();
    }
    overdue.forEach(Reader::expire);
  }

  private long now() {
    return clock.nanos() - epoch;
  }
}
