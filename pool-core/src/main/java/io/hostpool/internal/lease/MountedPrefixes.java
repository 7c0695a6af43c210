package io.hostpool.internal.lease;

import java.util.concurrent.CopyOnWriteArrayList;

/** The prefixes under which the pools of one manager are mounted, for log lines. Thread-safe. */
public final class MountedPrefixes {

  private final CopyOnWriteArrayList<String> prefixes = new CopyOnWriteArrayList<>();

  /** Adds a prefix, once. */
  public void add(String prefix) {
    prefixes.addIfAbsent(prefix);
  }

  /** Returns what follows the key of a pool in a log line, empty if nothing is mounted. */
  String suffix() {
    return prefixes.isEmpty() ? "" : ", mount: " + String.join(" ", prefixes);
  }
}
