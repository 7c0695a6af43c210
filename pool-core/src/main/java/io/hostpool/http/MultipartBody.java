package io.hostpool.http;

import io.hostpool.internal.text.Escape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A {@code multipart/form-data} body (RFC 7578). Thread-safe if its parts are. */
public final class MultipartBody implements RequestBody {

  private static final byte[] CRLF = {'\r', '\n'};

  private final String boundary;
  private final List<Part> parts;

  /**
   * One part.
   *
   * @param head its lines, each character a byte, as in every header: names are in UTF-8 already
   */
  private record Part(String head, RequestBody body) {
    byte[] headBytes() {
      return head.getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  private MultipartBody(String boundary, List<Part> parts) {
    this.boundary = boundary;
    this.parts = parts;
  }

  @Override
  public String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  @Override
  public long contentLength() {
    long length = end().length;
    for (Part part : parts) {
      long body = part.body.contentLength();
      if (body < 0) {
        return -1;
      }
      length += part.headBytes().length + body + CRLF.length;
    }
    return length;
  }

  @Override
  public boolean isReplayable() {
    return parts.stream().allMatch(part -> part.body.isReplayable());
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    for (Part part : parts) {
      out.write(part.headBytes());
      part.body.writeTo(out);
      out.write(CRLF);
    }
    out.write(end());
  }

  private byte[] end() {
    return ("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** Builds a {@link MultipartBody}. Not thread-safe. */
  public static final class Builder {
    /** By a cryptographic generator: one that can be foretold lets a part forge others. */
    private final String boundary = "hostpool-" + UUID.randomUUID();

    private final List<Part> parts = new ArrayList<>();

    Builder() {}

    /** Appends a text field in UTF-8. */
    public Builder field(String name, String value) {
      byte[] bytes = Objects.requireNonNull(value, "value").getBytes(StandardCharsets.UTF_8);
      return part(name, null, new ByteArrayBody(bytes, null));
    }

    /** Appends a file under its own file name. */
    public Builder file(String name, Path file) {
      return part(name, String.valueOf(file.getFileName()), RequestBody.of(file));
    }

    /**
     * Appends any body as a part.
     *
     * @param fileName the name to tell the server, or null for none
     * @throws IllegalArgumentException if {@code name} or {@code fileName} has a control character,
     *     or the type of {@code body} is no header value
     */
    public Builder part(String name, @Nullable String fileName, RequestBody body) {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(body, "body");
      StringBuilder head = new StringBuilder("--").append(boundary);
      head.append("\r\nContent-Disposition: form-data; name=\"").append(escaped(name)).append('"');
      if (fileName != null) {
        head.append("; filename=\"").append(escaped(fileName)).append('"');
      }
      String type = body.contentType();
      if (type == null && fileName != null) {
        type = "application/octet-stream";
      }
      if (type != null) {
        Headers.Builder.checkValue("Content-Type", type);
        head.append("\r\nContent-Type: ").append(type);
      }
      head.append("\r\n\r\n");
      parts.add(new Part(head.toString(), body));
      return this;
    }

    /**
     * Returns the body.
     *
     * @throws IllegalArgumentException if there is no part
     */
    public MultipartBody build() {
      if (parts.isEmpty()) {
        throw new IllegalArgumentException("a multipart body needs at least one part");
      }
      return new MultipartBody(boundary, List.copyOf(parts));
    }

    /**
     * Escapes quotes as browsers do (HTML Living Standard, multipart/form-data encoding).
     *
     * @return UTF-8, each byte a character
     */
    private static String escaped(String name) {
      for (int i = 0; i < name.length(); i++) {
        if (name.charAt(i) < ' ' || name.charAt(i) == 0x7f) {
          throw new IllegalArgumentException(
              "multipart name has a control character: " + Escape.quote(name));
        }
      }
      byte[] utf8 = name.replace("\"", "%22").getBytes(StandardCharsets.UTF_8);
      return new String(utf8, StandardCharsets.ISO_8859_1);
    }
  }
}
