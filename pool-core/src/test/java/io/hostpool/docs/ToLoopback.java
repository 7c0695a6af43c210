package io.hostpool.docs;

import io.hostpool.adapter.HttpAdapter;
import io.hostpool.adapter.SendOptions;
import io.hostpool.adapter.TransportAdapter;
import io.hostpool.error.HttpException;
import io.hostpool.http.Request;
import io.hostpool.http.Response;
import io.hostpool.http.Url;
import io.hostpool.testkit.LoopbackServer;

/** Sends what is meant for a host of the documents to a server on loopback. */
final class ToLoopback implements TransportAdapter {

  private final LoopbackServer server;
  private final HttpAdapter adapter = HttpAdapter.create();

  ToLoopback(LoopbackServer server) {
    this.server = server;
  }

  @Override
  public Response send(Request request, SendOptions options) throws HttpException {
    Url here = Url.parse(server.url(request.url().target()));
    return adapter.send(request.toBuilder().url(here).build(), options);
  }

  @Override
  public void close() {
    adapter.close();
  }
}
