package io.hostpool.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/**
 * What some threads did with one client in a short time.
 *
 * @param requests how many were answered
 * @param failed how many were not, one in a hundred at most
 * @param seconds from the common start to the end of the last request
 * @param cpuMicros processor time of this process, per request
 * @param bytes allocated by this process, per request
 * @param p50 microseconds, as are the next two
 */
record Round(
    long requests,
    long failed,
    double seconds,
    double cpuMicros,
    double bytes,
    double p50,
    double p99,
    double p999) {

  private static final long HIGHEST_MICROS = 60_000_000;

  /** One request of one thread. */
  @FunctionalInterface
  interface Call {
    void send(int thread, long request) throws Exception;
  }

  double throughput() {
    return requests / seconds;
  }

  /**
   * Runs the threads, all of them started before the clock is.
   *
   * @throws IllegalStateException if more than one call in a hundred fails: the figures would mean
   *     nothing
   */
  static Round run(int threads, boolean virtual, long nanos, Call call)
      throws InterruptedException {
    ThreadFactory factory = Callers.factory(virtual);
    CountDownLatch ready = new CountDownLatch(threads);
    CountDownLatch start = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(threads);
    CountDownLatch leave = new CountDownLatch(1);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicReference<Throwable> broken = new AtomicReference<>();
    LongAdder failed = new LongAdder();
    Call counted =
        (thread, request) -> {
          try {
            call.send(thread, request);
          } catch (Exception e) {
            failure.compareAndSet(null, e);
            failed.increment();
          }
        };
    List<Histogram> histograms = new ArrayList<>();
    long[] ends = new long[threads];
    long[] until = new long[1];
    for (int i = 0; i < threads; i++) {
      int thread = i;
      Histogram histogram = new Histogram(HIGHEST_MICROS, 2);
      histograms.add(histogram);
      Runnable task =
          () -> {
            ready.countDown();
            try {
              start.await();
              ends[thread] = send(thread, until[0], histogram, counted);
            } catch (Throwable e) {
              broken.set(e);
            } finally {
              over.countDown();
              // A thread that is gone would take its count of allocated bytes with it.
              awaitQuietly(leave);
            }
          };
      factory.newThread(task).start();
    }
    ready.await();
    long cpu = Meter.cpuNanos();
    long allocated = Meter.allocatedBytes();
    long begin = System.nanoTime();
    until[0] = begin + nanos;
    start.countDown();
    over.await();
    cpu = Meter.cpuNanos() - cpu;
    allocated = Meter.allocatedBytes() - allocated;
    leave.countDown();
    if (broken.get() != null) {
      throw new IllegalStateException("a thread broke: " + broken.get(), broken.get());
    }
    Round round = summary(histograms, failed.sum(), begin, ends, cpu, allocated);
    if (round.failed > round.requests / 100) {
      throw new IllegalStateException("requests failed: " + failure.get(), failure.get());
    }
    return round;
  }

  private static long send(int thread, long until, Histogram histogram, Call call)
      throws Exception {
    long now = System.nanoTime();
    for (long request = 0; request == 0 || now - until < 0; request++) {
      call.send(thread, request);
      long end = System.nanoTime();
      histogram.recordValue(Math.min(HIGHEST_MICROS, (end - now) / 1000));
      now = end;
    }
    return now;
  }

  private static Round summary(
      List<Histogram> histograms, long failed, long begin, long[] ends, long cpu, long allocated) {
    Histogram all = new Histogram(HIGHEST_MICROS, 2);
    histograms.forEach(all::add);
    long last = begin;
    for (long end : ends) {
      last = Math.max(last, end);
    }
    long requests = all.getTotalCount() - failed;
    return new Round(
        requests,
        failed,
        (last - begin) / 1e9,
        cpu / 1e3 / requests,
        (double) allocated / requests,
        all.getValueAtPercentile(50),
        all.getValueAtPercentile(99),
        all.getValueAtPercentile(99.9));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
