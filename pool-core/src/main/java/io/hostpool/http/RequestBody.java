package io.hostpool.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request. Implementations that are replayable must be thread-safe; the others serve
 * one request.
 */
public interface RequestBody {

  /**
   * Returns the {@code Content-Type} to send where the request sets none; null for none. Asked
   * once, when the body is given to a request.
   */
  @Nullable String contentType();

  /** Returns the length in bytes, or -1 if it is not known: the body is then sent in chunks. */
  long contentLength();

  /**
   * Returns whether {@link #writeTo} can be called now and writes the whole body. Of a body that
   * can be read only once this is true until it was.
   */
  boolean isReplayable();

  /**
   * Writes the whole body. Must not close {@code out}.
   *
   * @throws IOException if the source or {@code out} fails
   */
  void writeTo(OutputStream out) throws IOException;

  /** Returns a body of text in UTF-8. */
  static RequestBody of(String text) {
    return new ByteArrayBody(
        Objects.requireNonNull(text, "text").getBytes(StandardCharsets.UTF_8),
        "text/plain; charset=UTF-8");
  }

  /** Returns a body of bytes without a content type. The array is not copied: leave it alone. */
  static RequestBody of(byte[] bytes) {
    return new ByteArrayBody(Objects.requireNonNull(bytes, "bytes"), null);
  }

  /**
   * Returns a body of bytes; the array is not copied: leave it alone.
   *
   * @throws IllegalArgumentException if {@code contentType} is no header value
   */
  static RequestBody of(byte[] bytes, String contentType) {
    Headers.Builder.checkValue("Content-Type", Objects.requireNonNull(contentType, "contentType"));
    return new ByteArrayBody(Objects.requireNonNull(bytes, "bytes"), contentType);
  }

  /**
   * Returns the content of a file, opened anew for each attempt. Its size is read when the request
   * is sent.
   */
  static RequestBody of(Path file) {
    return new FileBody(Objects.requireNonNull(file, "file"));
  }

  /**
   * Returns a body that is read once and sent in chunks. A retry or redirect that needs it again
   * fails with {@code UnrewindableBodyException}. The caller closes {@code stream}.
   */
  static RequestBody of(InputStream stream) {
    return new StreamBody(Objects.requireNonNull(stream, "stream"), -1);
  }

  /**
   * Returns a body that is read once and sent with its length.
   *
   * @throws IllegalArgumentException if {@code length} is negative
   */
  static RequestBody of(InputStream stream, long length) {
    if (length < 0) {
      throw new IllegalArgumentException("body length must be 0 or more: " + length);
    }
    return new StreamBody(Objects.requireNonNull(stream, "stream"), length);
  }

  /**
   * Returns fields as {@code application/x-www-form-urlencoded}. A value that is an {@link
   * Iterable} or an array gives one field for each element, null gives none. Without any field the
   * body is empty and has no content type, as in requests.
   *
   * @throws IllegalArgumentException if a value has no text, an {@link java.util.Optional} for
   *     example
   */
  static RequestBody form(Map<String, ?> fields) {
    return ByteArrayBody.ofForm(FormEncoder.encode(fields));
  }

  /**
   * Returns pairs as {@code application/x-www-form-urlencoded}, in their order: a name may come
   * again after others, which a map cannot say. Otherwise as {@link #form(Map)}.
   *
   * @throws IllegalArgumentException as {@link #form(Map)}
   */
  static RequestBody form(List<? extends Map.Entry<String, ?>> pairs) {
    return ByteArrayBody.ofForm(FormEncoder.encode(pairs));
  }

  /** Returns a builder of a {@code multipart/form-data} body. */
  static MultipartBody.Builder multipart() {
    return new MultipartBody.Builder();
  }
}
