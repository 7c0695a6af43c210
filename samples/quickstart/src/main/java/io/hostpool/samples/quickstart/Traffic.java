package io.hostpool.samples.quickstart;

import io.hostpool.Session;
import io.hostpool.error.HttpException;
import io.hostpool.error.RequestInterruptedException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Calls the stub hosts from eight threads, so that there is something to see. */
@Component
class Traffic implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(Traffic.class);
  private static final int THREADS = 8;

  private final Session session;
  private final List<String> urls;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  Traffic(Session session, StubHosts hosts) {
    this.session = session;
    this.urls = hosts.urls();
  }

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    for (int i = 0; i < THREADS; i++) {
      threads.execute(this::callAgainAndAgain);
    }
  }

  @Override
  public void destroy() {
    threads.shutdownNow();
  }

  private void callAgainAndAgain() {
    while (!Thread.currentThread().isInterrupted()) {
      callOne();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
    }
  }

  private void callOne() {
    String url = urls.get(ThreadLocalRandom.current().nextInt(urls.size()));
    try {
      session.get(url).raiseForStatus();
    } catch (RequestInterruptedException e) {
      // The application is stopping; the interrupt flag is set again and ends the loop.
    } catch (HttpException e) {
      LOG.warn("{}", e.getMessage());
    }
  }
}
