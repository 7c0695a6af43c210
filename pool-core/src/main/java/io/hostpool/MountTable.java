package io.hostpool;

import io.hostpool.adapter.TransportAdapter;
import io.hostpool.http.Url;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Mounts, longest prefix first. Immutable: mounting makes a new table, so a request reads one table
 * and never sees a half-changed one.
 */
final class MountTable {

  private static final List<Entry> NONE = List.of();

  private final List<Entry> entries;
  private final List<Mount> mounts;
  private final Map<String, List<Entry>> byHost = new HashMap<>();
  private final List<Entry> anyHost = new ArrayList<>();

  private record Entry(MountPrefix prefix, Mount mount) {}

  private MountTable(List<Entry> entries) {
    this.entries = entries;
    this.mounts = entries.stream().map(Entry::mount).toList();
    for (Entry entry : entries) {
      String host = entry.prefix.host();
      if (host == null) {
        anyHost.add(entry);
      } else {
        byHost.computeIfAbsent(host, k -> new ArrayList<>()).add(entry);
      }
    }
  }

  static MountTable empty() {
    return new MountTable(List.of());
  }

  /** Returns a table that has {@code adapter} under {@code prefix}, in place of what was there. */
  MountTable with(MountPrefix prefix, TransportAdapter adapter) {
    List<Entry> longer = new ArrayList<>(entries);
    longer.removeIf(entry -> entry.prefix.text().equals(prefix.text()));
    longer.add(new Entry(prefix, new Mount(prefix.text(), adapter)));
    longer.sort(Comparator.comparingInt(entry -> -entry.prefix.text().length()));
    return new MountTable(List.copyOf(longer));
  }

  /** Returns what is mounted under exactly {@code prefix}, null if nothing is. */
  @Nullable TransportAdapter get(MountPrefix prefix) {
    for (Entry entry : entries) {
      if (entry.prefix.text().equals(prefix.text())) {
        return entry.mount.adapter();
      }
    }
    return null;
  }

  /** Returns the adapter of the longest prefix that covers {@code url}, null if none does. */
  @Nullable TransportAdapter find(Url url) {
    // A prefix with a host is longer than the scheme alone, so it is looked for first.
    for (Entry entry : byHost.getOrDefault(url.host(), NONE)) {
      if (entry.prefix.covers(url)) {
        return entry.mount.adapter();
      }
    }
    for (Entry entry : anyHost) {
      if (entry.prefix.covers(url)) {
        return entry.mount.adapter();
      }
    }
    return null;
  }

  /** Returns all mounts, longest prefix first, unmodifiable. */
  List<Mount> mounts() {
    return mounts;
  }

  /** Returns the prefixes for a message. */
  String prefixes() {
    return mounts.stream().map(Mount::prefix).toList().toString();
  }
}
