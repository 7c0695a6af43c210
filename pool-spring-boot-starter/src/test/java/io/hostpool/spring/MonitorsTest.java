package io.hostpool.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.testkit.Monitors;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MonitorsTest {

  @Test
  void nothingUsesMonitors() {
    assertThat(Monitors.in(Path.of("target/classes"))).isEmpty();
  }
}
