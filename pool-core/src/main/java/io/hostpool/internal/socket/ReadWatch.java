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
 * Ends reads that take too long by closing the channel they read from: a read with a socket timeout
 * costs several more system calls than one without, and a connection on which a read timed out is
 * never used again anyway. Thread-safe.
 *
 * <p>A reader only records when its read is due and compares that with the time of the next check;
 * if the read is due earlier, it schedules an earlier check. A check first declares that no check
 * is scheduled and then reads what is recorded, so that one of the two always sees the other. With
 * timeouts of a similar length there is one check per timeout, regardless of the number of reads.
 *
 * <p>The factory of connections holds it, not the process: connections that a program forgets are
 * collected with it.
 */
public final class ReadWatch {

  /** Not due in 292 years. */
  private static final long NEVER = Long.MAX_VALUE;

  private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

  private static final long NOT_READING = Long.MAX_VALUE;
  private static final long EXPIRED = Long.MAX_VALUE - 1;

  /**
   * A check may be late by twice this at most, so that a burst of reads causes no burst of checks.
   */
  private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** A check that is later than this was lost. */
  private static final long OVERDUE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Scheduler scheduler;
  private final Clock clock;
  private final long epoch;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final List<Reader> readers = new ArrayList<>();

  /** Time of the next check, in nanoseconds since {@code epoch}. */
  private volatile long nextCheck = NEVER;

  /** Runs a task later. */
  @FunctionalInterface
  interface Scheduler {
    Future<?> schedule(Runnable task, long nanos);
  }

  /** Returns nanoseconds since an arbitrary start. */
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

    /** The position in the list of readers; guarded by the watch. */
    private int index = -1;

    /** Ends the current read without blocking. Called at most once per read. */
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

  /** Stops watching a reader. Idempotent. */
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

  /** Starts the time of the read that follows, which may take {@code nanos}. */
  void begin(Reader reader, long nanos) {
    long now = now();
    long due = now + Math.min(nanos, LONGEST_NANOS);
    reader.due = due;
    long next = nextCheck;
    if (due + SLACK_NANOS < next || next < now - OVERDUE_NANOS) {
      checkAt(due, now);
    }
  }

  /** Ends the time of a read; returns whether the watch has ended the read. */
  boolean end(Reader reader) {
    return (long) Reader.DUE.getAndSet(reader, NOT_READING) == EXPIRED;
  }

  private void checkAt(long due, long now) {
    lock.lock();
    try {
      if (due < nextCheck || nextCheck < now - OVERDUE_NANOS) {
        // In this order: if no thread can be started for it, the next read tries again.
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
        // An earlier check has run meanwhile, and has scheduled the next.
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
