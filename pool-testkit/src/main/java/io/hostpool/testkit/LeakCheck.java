package io.hostpool.testkit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test that leaves a socket open, a thread of this project running, or an exception
 * uncaught in some thread. Closing takes a moment on the other side, so it asks again for up to ten
 * seconds.
 *
 * <p>Sockets are counted where the system shows them under {@code /proc/self/fd}; elsewhere that
 * part is left out.
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback {

  private static final Path FILE_DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Path UNIX_SOCKETS = Path.of("/proc/self/net/unix");
  private static final int INODE_COLUMN = 6;
  private static final Namespace NAMESPACE = Namespace.create(LeakCheck.class);
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final ConcurrentLinkedQueue<Throwable> UNCAUGHT = new ConcurrentLinkedQueue<>();

  /** Threads that serve every session, and end by themselves when no longer needed. */
  private static final Set<String> ALLOWED_THREADS =
      Set.of("hostpool-background", "hostpool-timer", "hostpool-lookup", "hostpool-dial");

  private record Before(Set<String> threads, Set<String> sockets) {}

  @Override
  public void beforeEach(ExtensionContext context) {
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> UNCAUGHT.add(failure));
    UNCAUGHT.clear();
    context.getStore(NAMESPACE).put("before", new Before(threads(), sockets()));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Before before = context.getStore(NAMESPACE).get("before", Before.class);
    Objects.requireNonNull(before);
    requireNothingNew("threads", before.threads, LeakCheck::threads);
    requireNothingNew("sockets", before.sockets, LeakCheck::sockets);
    Throwable uncaught = UNCAUGHT.poll();
    if (uncaught != null) {
      throw new AssertionError("a thread ended with an exception", uncaught);
    }
  }

  private static void requireNothingNew(
      String what, Collection<String> before, Supplier<Set<String>> now) {
    long start = System.nanoTime();
    Set<String> more = now.get();
    more.removeAll(before);
    while (!more.isEmpty() && System.nanoTime() - start < LIMIT_NANOS) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      more = now.get();
      more.removeAll(before);
    }
    if (!more.isEmpty()) {
      throw new AssertionError(what + " left over: " + more);
    }
  }

  private static Set<String> threads() {
    Set<String> names = new TreeSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      String name = thread.getName();
      boolean ours = name.startsWith("hostpool") || name.startsWith("testkit");
      if (ours && !ALLOWED_THREADS.contains(name)) {
        names.add(name);
      }
    }
    return names;
  }

  /** Returns the sockets of this process, empty where the system does not show them. */
  public static Set<String> sockets() {
    Set<String> sockets = new HashSet<>();
    if (!Files.isDirectory(FILE_DESCRIPTORS)) {
      return sockets;
    }
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(FILE_DESCRIPTORS)) {
      for (Path descriptor : descriptors) {
        addSocket(descriptor, sockets);
      }
      sockets.removeAll(unixSockets());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return sockets;
  }

  /** The JVM keeps one for itself, which it makes when it first closes a socket under a reader. */
  private static Set<String> unixSockets() throws IOException {
    Set<String> sockets = new HashSet<>();
    for (String line : Files.readAllLines(UNIX_SOCKETS)) {
      String[] columns = line.trim().split("\\s+", -1);
      if (columns.length > INODE_COLUMN) {
        sockets.add("socket:[" + columns[INODE_COLUMN] + "]");
      }
    }
    return sockets;
  }

  private static void addSocket(Path descriptor, Set<String> sockets) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      if (target.startsWith("socket:")) {
        sockets.add(target);
      }
    } catch (IOException closedMeanwhile) {
      // Then it is no leak.
    }
  }
}
