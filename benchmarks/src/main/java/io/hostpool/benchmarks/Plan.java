package io.hostpool.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What is to be run, as {@code name=value} words of a command line. Immutable.
 *
 * @param folder where the results go
 * @param rounds rounds that count, after {@code warmups} that do not
 * @param millis length of one client's part of a round
 * @param clients names, a part of each is enough; empty for all
 * @param idle connections whose memory is measured, 0 for none
 */
record Plan(
    Path folder,
    int rounds,
    int warmups,
    int millis,
    Set<Workload> workloads,
    List<Integer> threads,
    List<Boolean> kinds,
    List<String> clients,
    int idle) {

  static final String USAGE =
      """
      folder=results rounds=9 warmups=2 millis=250 threads=1,16,64,256 kinds=platform,virtual
      workloads=all (or none, or get_100,get_16k,get_1m,post_1k,tls_100,shared_16,many_hosts)
      clients=all (or parts of names, as session,jdk) idle=5000""";

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "folder", "results",
          "rounds", "9",
          "warmups", "2",
          "millis", "250",
          "workloads", "all",
          "threads", "1,16,64,256",
          "kinds", "platform,virtual",
          "clients", "all",
          "idle", "5000");

  static Plan of(String[] words) {
    Map<String, String> given = new HashMap<>(DEFAULTS);
    for (String word : words) {
      String[] pair = word.split("=", 2);
      if (pair.length < 2 || given.replace(pair[0], pair[1]) == null) {
        throw new IllegalArgumentException("'" + word + "': expected some of\n" + USAGE);
      }
    }
    String clients = given.get("clients");
    return new Plan(
        Path.of(given.get("folder")),
        number(given, "rounds", 1),
        number(given, "warmups", 0),
        number(given, "millis", 1),
        workloads(given.get("workloads")),
        Arrays.stream(given.get("threads").split(",")).map(Integer::valueOf).toList(),
        kinds(given.get("kinds")),
        clients.equals("all") ? List.of() : List.of(clients.toLowerCase(Locale.ROOT).split(",")),
        number(given, "idle", 0));
  }

  /** Returns whether a client takes part; the bare socket always does. */
  boolean runs(String client) {
    return clients.isEmpty()
        || client.equals(Clients.BARE)
        || clients.stream().anyMatch(part -> client.toLowerCase(Locale.ROOT).contains(part));
  }

  List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (Workload workload : workloads) {
      for (boolean virtual : kinds) {
        if (workload == Workload.SHARED_16) {
          cells.add(new Cell(workload, 256, virtual));
        } else if (workload == Workload.MANY_HOSTS) {
          cells.add(new Cell(workload, 16, virtual));
        } else {
          threads.forEach(count -> cells.add(new Cell(workload, count, virtual)));
        }
      }
    }
    return cells;
  }

  private static int number(Map<String, String> given, String name, int least) {
    try {
      int number = Integer.parseInt(given.get(name));
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        name + "='" + given.get(name) + "': expected a number from " + least + " on");
  }

  private static Set<Workload> workloads(String value) {
    if (value.equals("none")) {
      return Set.of();
    }
    if (value.equals("all")) {
      return EnumSet.allOf(Workload.class);
    }
    Set<Workload> workloads = EnumSet.noneOf(Workload.class);
    for (String name : value.split(",")) {
      workloads.add(Workload.valueOf(name.toUpperCase(Locale.ROOT)));
    }
    return workloads;
  }

  /** Virtual threads are left out where the JDK has none. */
  private static List<Boolean> kinds(String value) {
    return Arrays.stream(value.split(","))
        .map(kind -> kind.equals("virtual"))
        .filter(virtual -> !virtual || Callers.hasVirtual())
        .toList();
  }
}
