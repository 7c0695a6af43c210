package io.hostpool.samples.quickstart;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Prints the URLs to look at when everything runs. */
@Component
class WhatToLookAt {

  private static final Logger LOG = LoggerFactory.getLogger(WhatToLookAt.class);

  private static final List<String> PATHS =
      List.of(
          "/pools",
          "/actuator/metrics/hostpool.connections.idle",
          "/actuator/metrics/hostpool.connections.active",
          "/actuator/metrics/hostpool.connections.opened",
          "/actuator/metrics/hostpool.connections.reused",
          "/actuator/metrics/hostpool.connections.closed");

  private final StubHosts hosts;
  private volatile int port;

  WhatToLookAt(StubHosts hosts) {
    this.hosts = hosts;
  }

  @EventListener
  void remember(WebServerInitializedEvent event) {
    port = event.getWebServer().getPort();
  }

  @EventListener(ApplicationReadyEvent.class)
  void print() {
    String base = "http://127.0.0.1:" + port;
    StringBuilder text = new StringBuilder("Eight threads are calling three hosts. Look at\n");
    for (String path : PATHS) {
      text.append("  ").append(base).append(path).append('\n');
    }
    for (String url : hosts.urls()) {
      text.append("  ").append(base).append("/fetch?url=").append(url).append('\n');
    }
    LOG.info("{}", text.append("Press Ctrl-C to stop."));
  }
}
