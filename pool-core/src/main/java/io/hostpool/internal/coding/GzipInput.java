package io.hostpool.internal.coding;

import io.hostpool.internal.body.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.ZipException;

/**
 * Reads gzip (RFC 1952): one member after the other, each checked by its checksum and its length.
 * Bytes behind a complete member that do not start another member are ignored, as in urllib3 and
 * gzip. Not thread-safe.
 *
 * <p>{@code GZIPInputStream} is no substitute: it asks {@code available()} whether another member
 * follows, takes a broken second one for the end, and reads a header of any length.
 */
final class GzipInput extends BlockInputStream {

  /** Extra field, name and comment together. */
  private static final int MAX_HEADER_BYTES = 128 * 1024;

  private static final int HEADER_CHECKSUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final Inflation in;
  private final CRC32 checksum = new CRC32();
  private int headerBytes;
  private boolean inMember;
  private boolean first = true;
  private boolean ended;

  GzipInput(InputStream coded) {
    this.in = new Inflation(coded);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (!ended) {
      if (!inMember && !startMember()) {
        ended = true;
        break;
      }
      int n = in.inflate(bytes, offset, length);
      if (n > 0) {
        checksum.update(bytes, offset, n);
        return n;
      }
      checkTrailer();
      inMember = false;
    }
    return -1;
  }

  private boolean startMember() throws IOException {
    if (!readMagic()) {
      return false;
    }
    readHeader();
    checksum.reset();
    in.start(false);
    inMember = true;
    first = false;
    return true;
  }

  /** Returns false at the end, or where something other than a member follows the first one. */
  private boolean readMagic() throws IOException {
    checksum.reset();
    headerBytes = 0;
    int b = in.readByte();
    if (b < 0) {
      return false;
    }
    checksum.update(b);
    if (b == 0x1f && header() == 0x8b && header() == 8) {
      return true;
    }
    if (first) {
      throw new ZipException("it does not begin like gzip");
    }
    return false;
  }

  private void readHeader() throws IOException {
    int flags = header();
    if ((flags & RESERVED) != 0) {
      throw new ZipException("unknown flags in the header");
    }
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(header() | header() << 8);
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CHECKSUM) != 0) {
      long expected = checksum.getValue() & 0xffff;
      if ((in.requireByte() | in.requireByte() << 8) != expected) {
        throw new ZipException("wrong checksum of the header");
      }
    }
  }

  private void skipText() throws IOException {
    while (header() != 0) {
      // Up to the byte that ends the text.
    }
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      header();
    }
  }

  private int header() throws IOException {
    if (++headerBytes > MAX_HEADER_BYTES) {
      throw new ZipException("header is longer than " + MAX_HEADER_BYTES + " bytes");
    }
    int b = in.requireByte();
    checksum.update(b);
    return b;
  }

  private void checkTrailer() throws IOException {
    if (readInt() != checksum.getValue()) {
      throw new ZipException("wrong checksum");
    }
    if (readInt() != (in.written() & 0xffffffffL)) {
      throw new ZipException("wrong length");
    }
  }

  private long readInt() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      value |= (long) in.requireByte() << shift;
    }
    return value;
  }

  @Override
  public void close() {
    in.end();
  }
}
