package io.hostpool.internal.lease;

/**
 * Makes sure that there is stack for giving back what is about to be taken. A thread that runs out
 * of stack after it took a connection might have none left to bring it back with; so it runs out
 * before. Not instantiable.
 */
public final class StackReserve {

  /** More, and larger, frames than returning a connection takes. */
  private static final int FRAMES = 64;

  private StackReserve() {}

  /**
   * Returns if there is stack for it.
   *
   * @throws StackOverflowError if there is not
   */
  public static void require() {
    if (descend(FRAMES, 1, 2, 3, 4) == 0) {
      throw new IllegalStateException("a sum of positive numbers is zero");
    }
  }

  /** The arguments are needed after the call: each frame has room for them. */
  private static long descend(int frames, long a, long b, long c, long d) {
    return frames == 0 ? a : descend(frames - 1, b, c, d, a) + (a ^ b) + (c ^ d);
  }
}
