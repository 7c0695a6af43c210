package io.hostpool.samples.quickstart;

import io.hostpool.Session;
import io.hostpool.error.HttpException;
import io.hostpool.http.Response;
import io.hostpool.stats.PoolStats;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Fetches a URL through the session, and shows its pools. */
@RestController
class FetchController {

  private final Session session;

  FetchController(Session session) {
    this.session = session;
  }

  @GetMapping("/fetch")
  ResponseEntity<String> fetch(@RequestParam String url) {
    try {
      Response response = session.get(url);
      return ResponseEntity.status(response.status()).body(response.text());
    } catch (IllegalArgumentException e) {
      return ResponseEntity.badRequest().body(e.getMessage() + "\n");
    } catch (HttpException e) {
      return ResponseEntity.status(HttpStatus.BAD_GATEWAY).body(e.getMessage() + "\n");
    }
  }

  @GetMapping("/pools")
  List<Pool> pools() {
    return session.pools().stream().map(Pool::of).toList();
  }

  /** The numbers of one pool as JSON. */
  record Pool(String key, int max, int active, int idle, int pending, long opened, long reused) {

    static Pool of(PoolStats stats) {
      return new Pool(
          stats.key(),
          stats.max(),
          stats.leased(),
          stats.idle(),
          stats.pending(),
          stats.opened(),
          stats.reused());
    }
  }
}
