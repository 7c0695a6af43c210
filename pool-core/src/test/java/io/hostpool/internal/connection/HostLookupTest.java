package io.hostpool.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.net.Resolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostLookupTest {

  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void whoAsksWhileAnAnswerIsOutstandingWaitsForTheSameOne() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    List<InetAddress> addresses = List.of(InetAddress.getByName("127.0.0.1"));
    Resolver slow =
        host -> {
          asked.incrementAndGet();
          awaitQuietly(answer);
          return addresses;
        };

    for (int i = 0; i < 50; i++) {
      assertThatThrownBy(() -> HostLookup.resolve(slow, "h.example", 1_000_000))
          .isInstanceOf(TimeoutException.class);
    }
    assertThatThrownBy(() -> HostLookup.resolve(slow, "other.example", 1_000_000))
        .isInstanceOf(TimeoutException.class);
    answer.countDown();

    assertThat(HostLookup.resolve(slow, "h.example", Long.MAX_VALUE)).isEqualTo(addresses);
    assertThat(asked.get()).isBetween(2, 3);
  }

  @Test
  void nothingIsRememberedOnceItIsAnswered() throws Exception {
    Resolver failing =
        host -> {
          throw new UnknownHostException("try " + asked.incrementAndGet());
        };

    for (int i = 1; i <= 3; i++) {
      assertThatThrownBy(() -> HostLookup.resolve(failing, "h.example", Long.MAX_VALUE))
          .isInstanceOf(UnknownHostException.class)
          .hasMessage("try " + i);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
