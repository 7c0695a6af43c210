package io.hostpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoopbackServerTest {

  @Test
  void countsConnectionsAndKeepsRequests() throws Exception {
    try (LoopbackServer server =
        LoopbackServer.start(exchange -> exchange.respond(200, "got " + exchange.target()))) {
      try (Socket socket = new Socket(server.host(), server.port())) {
        String first = talk(socket, "POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi");
        String second = talk(socket, "GET /b HTTP/1.1\r\nConnection: close\r\n\r\n");

        assertThat(first).endsWith("\r\n\r\ngot /a");
        assertThat(second).endsWith("\r\n\r\ngot /b");
      }

      assertThat(server.accepted()).isEqualTo(1);
      assertThat(server.requests()).extracting(ReceivedRequest::target).containsExactly("/a", "/b");
      assertThat(server.requests().get(0).text()).isEqualTo("hi");
      assertThat(server.failures()).isEmpty();
    }
  }

  @Test
  void speaksTlsWithACertificateOfTheTestAuthority() throws Exception {
    TestCa ca = TestCa.create();
    try (LoopbackServer server =
        LoopbackServer.builder(exchange -> exchange.respond(200, "ok"))
            .tls(ca.serverContext("127.0.0.1"))
            .start()) {
      SSLSocketFactory sockets = ca.clientContext().getSocketFactory();
      try (Socket socket = sockets.createSocket(server.host(), server.port())) {
        assertThat(talk(socket, "GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200");
      }
      try (Socket plain = new Socket(server.host(), server.port());
          Socket named = sockets.createSocket(plain, "named.example", server.port(), true)) {
        assertThat(talk(named, "GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200");
      }

      assertThat(server.serverNames()).containsExactly("", "named.example");
    }
  }

  private static String talk(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    byte[] answer = new byte[1024];
    int n = socket.getInputStream().read(answer);
    return new String(answer, 0, n, StandardCharsets.ISO_8859_1);
  }
}
