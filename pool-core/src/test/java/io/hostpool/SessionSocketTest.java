package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.TlsException;
import io.hostpool.net.TlsConfig;
import io.hostpool.stats.PoolListener;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.TestCa;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a session does with the adapters that it makes itself. */
@Timeout(60)
class SessionSocketTest {

  @Test
  void anyMethodCanBeSentAsItIsSpelled() throws Exception {
    try (LoopbackServer server =
            LoopbackServer.start(exchange -> exchange.respond(200, exchange.request().method()));
        Session session = Session.create()) {
      assertThat(session.request("PROPFIND", server.url("/")).text()).isEqualTo("PROPFIND");
      assertThat(session.request("Custom", server.url("/"), r -> r.header("A", "b")).text())
          .isEqualTo("Custom");
    }
  }

  @Test
  void tlsSettingsOfASessionHoldForTheAdaptersThatItMakes() throws Exception {
    TestCa ca = TestCa.create();
    TlsConfig trusting = TlsConfig.builder().sslContext(ca.clientContext()).build();
    try (LoopbackServer server =
            LoopbackServer.builder(exchange -> exchange.respond(200, "secret"))
                .tls(ca.serverContext("127.0.0.1"))
                .start();
        Session trustful = Session.builder().tls(trusting).build();
        Session strange = Session.create()) {
      assertThat(trustful.get(server.url("/")).text()).isEqualTo("secret");

      assertThatThrownBy(() -> strange.get(server.url("/"))).isInstanceOf(TlsException.class);
    }
  }

  @Test
  void listenerOfASessionHearsOfTheAdaptersThatItMakes() throws Exception {
    List<String> opened = new CopyOnWriteArrayList<>();
    PoolListener listener =
        new PoolListener() {
          @Override
          public void connectionOpened(String pool, Duration time) {
            opened.add(pool);
          }
        };
    try (LoopbackServer server = LoopbackServer.start(exchange -> exchange.respond(200, "ok"));
        Session session = Session.builder().listener(listener).build()) {
      session.get(server.url("/"));

      assertThat(opened).containsExactly("http://127.0.0.1:" + server.port());
    }
  }
}
