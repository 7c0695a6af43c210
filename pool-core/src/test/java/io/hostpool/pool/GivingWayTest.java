package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.ClosedPoolException;
import io.hostpool.policy.FakeTicker;
import org.junit.jupiter.api.Test;

/** What happens while a thread lets others go first, before it joins the queue. */
class GivingWayTest {

  private final GivingWay store = new GivingWay();

  /** Does what a test says in place of other threads. */
  private static final class GivingWay extends ConnectionStore {
    private static final PoolConfig CONFIG =
        PoolManager.builder().maxsize(1).block(true).ticker(new FakeTicker()).config();

    Runnable others = () -> {};
    int times;

    GivingWay() {
      super(
          new PoolKey("http", "host", 80, CONFIG.tls()),
          CONFIG,
          CONFIG.capacity(),
          new PoolErrors("host:80"));
    }

    @Override
    void giveWay() {
      times++;
      others.run();
    }
  }

  @Test
  void connectionThatComesBackMeanwhileIsTakenWithoutWaiting() throws Exception {
    PooledConnection out = open();
    store.others = () -> store.release(out, null, Service.OPENED);

    assertThat(store.request()).isSameAs(out);
    assertThat(store.stats().pending()).isZero();
  }

  @Test
  void permitThatComesBackMeanwhileIsTakenWithoutWaiting() throws Exception {
    PooledConnection out = open();
    store.others = () -> store.release(out, CloseReason.SERVER, Service.OPENED);

    assertThat(store.request()).isInstanceOf(Grant.Dial.class);
  }

  @Test
  void whoCameMeanwhileIsFirstInLine() throws Exception {
    PooledConnection out = open();
    Waiter[] first = new Waiter[1];
    store.others =
        () -> {
          store.others = () -> {};
          first[0] = (Waiter) requestUnchecked();
        };

    Waiter second = (Waiter) store.request();
    store.release(out, null, Service.OPENED);

    assertThat(first[0].granted()).isSameAs(out);
    assertThat(second.outcome()).isEqualTo(Waiter.Outcome.WAITING);
  }

  @Test
  void poolThatIsClosedMeanwhileIsRefused() throws Exception {
    PooledConnection out = open();
    store.others = store::close;

    assertThatThrownBy(store::request).isInstanceOf(ClosedPoolException.class);

    store.release(out, null, Service.OPENED);
    assertThat(store.stats().leased() + store.stats().pending()).isZero();
  }

  @Test
  void nobodyGivesWayWhoIsServedOrTurnedAwayAtOnce() throws Exception {
    PooledConnection out = open();
    store.release(out, null, Service.OPENED);
    assertThat(store.request()).isSameAs(out);

    store.configure(store.capacity().withMaxPending(0));
    assertThatThrownBy(store::request).hasMessageContaining("host:80");

    assertThat(store.times).isZero();
  }

  private PooledConnection open() throws Exception {
    Grant.Dial dial = (Grant.Dial) store.request();
    PooledConnection connection =
        new PooledConnection(new FakeConnection(1, () -> {}), 0, Long.MAX_VALUE);
    store.adopt(connection, dial.isRedial());
    return connection;
  }

  private Grant requestUnchecked() {
    try {
      return store.request();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
