package io.hostpool.internal.connection;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.hostpool.internal.socket.ExchangeLimits;
import io.hostpool.internal.socket.SocketInput;
import io.hostpool.internal.socket.SocketOutput;
import io.hostpool.internal.thread.Background;
import io.hostpool.internal.time.Durations;
import io.hostpool.internal.time.Ticker;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Watches the sending of a large body from the background thread, since a write to a socket has no
 * timeout. If the server accepts no bytes for the read timeout, or the deadline expires, the guard
 * closes the channel; time spent waiting for the source of the body does not count. If the server
 * has responded meanwhile, the guard closes only the sending side, so that the response can be
 * read. Thread-safe.
 */
final class SendGuard implements AutoCloseable {

  private static final long CHECK_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final SocketChannel channel;
  private final SocketInput input;
  private final SocketOutput output;
  private final ExchangeLimits limits;
  private final Ticker ticker;
  private final boolean seesAnswer;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private boolean done;

  @GuardedBy("lock")
  private boolean stalled;

  @GuardedBy("lock")
  private boolean shutDown;

  private long lastWritten;
  private long lastProgress;

  /** Starts to watch. Bytes on a plain socket mean a response; over TLS they may be anything. */
  SendGuard(ConnectedSocket socket, Ticker ticker) {
    this.channel = socket.channel();
    this.input = socket.input();
    this.output = socket.output();
    this.limits = input.limits();
    this.ticker = ticker;
    this.seesAnswer = !socket.isEncrypted();
    this.lastProgress = ticker.nanos();
    scheduleCheck();
  }

  /** Returns whether the guard closed the channel because the server accepted no bytes. */
  boolean hasStalled() {
    lock.lock();
    try {
      return stalled;
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether the guard closed the sending side because the server had responded. */
  boolean hasShutDownSending() {
    lock.lock();
    try {
      return shutDown;
    } finally {
      lock.unlock();
    }
  }

  /** Stops watching; once this returns, the guard leaves the channel alone. */
  @Override
  public void close() {
    lock.lock();
    try {
      done = true;
    } finally {
      lock.unlock();
    }
  }

  private void check() {
    lock.lock();
    try {
      if (!done) {
        act();
      }
    } finally {
      lock.unlock();
    }
  }

  // Closing a channel does not block; it must happen before close() or not at all.
  @GuardedBy("lock")
  private void act() {
    long now = ticker.nanos();
    long written = output.written();
    if (written != lastWritten) {
      lastWritten = written;
      lastProgress = now;
    } else if (seesAnswer && hasAnswer()) {
      shutDown = true;
      shutDownSending();
      return;
    } else if (!output.isWriting()) {
      // The source of the body is the one that is slow.
      lastProgress = now;
    }
    boolean tooLong =
        limits.readNanos() != Durations.NO_LIMIT && now - lastProgress >= limits.readNanos();
    if (tooLong || limits.deadline().isExpired()) {
      stalled = true;
      closeChannel();
    } else {
      scheduleCheck();
    }
  }

  private void scheduleCheck() {
    long next = Math.min(CHECK_INTERVAL_NANOS, limits.deadline().bound(limits.readNanos()));
    var unused = Background.schedule(this::check, Math.max(next, TimeUnit.MILLISECONDS.toNanos(1)));
  }

  private boolean hasAnswer() {
    try {
      return input.peekFinalAnswer();
    } catch (IOException closed) {
      return false;
    }
  }

  private void shutDownSending() {
    try {
      channel.shutdownOutput();
    } catch (IOException alreadyClosed) {
      // The writer has noticed already.
    }
  }

  private void closeChannel() {
    try {
      channel.close();
    } catch (IOException ignored) {
      // The writer sees it closed in any case.
    }
  }
}
