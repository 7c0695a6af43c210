package io.hostpool;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Keeps what one logger prints, from any thread, until it is closed. */
public final class CapturedLog implements AutoCloseable {

  private final Logger logger;
  private final Level before;
  private final boolean additive;
  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          event.getFormattedMessage();
          events.add(event);
        }
      };

  private CapturedLog(Logger logger, Level level) {
    this.logger = logger;
    this.before = logger.getLevel();
    this.additive = logger.isAdditive();
    appender.start();
    logger.setLevel(level);
    logger.setAdditive(false);
    logger.addAppender(appender);
  }

  public static CapturedLog of(String name, Level level) {
    return new CapturedLog((Logger) LoggerFactory.getLogger(name), level);
  }

  public List<String> messages() {
    return events.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  public List<String> messages(Level level) {
    return events.stream()
        .filter(event -> event.getLevel() == level)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  /** Returns the stack of each message that has one, a frame a line. */
  public List<String> stacks() {
    return events.stream()
        .filter(event -> event.getThrowableProxy() != null)
        .map(event -> ThrowableProxyUtil.asString(event.getThrowableProxy()))
        .toList();
  }

  /** Returns how many messages contain {@code text}. */
  public long count(String text) {
    return messages().stream().filter(message -> message.contains(text)).count();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setLevel(before);
    logger.setAdditive(additive);
    appender.stop();
  }
}
