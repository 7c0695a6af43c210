package io.hostpool.internal.redirect;

/** What a redirect does to method and body. The two sets differ for 301 and 302. */
public enum RedirectRules {

  /** Only 303 turns into GET; 301 and 302 keep method and body. For pools and their manager. */
  URLLIB3 {
    @Override
    public String method(String method, int status) {
      return status == 303 ? "GET" : method;
    }

    @Override
    public boolean dropsBody(int status) {
      return status == 303;
    }
  },

  /**
   * As browsers do: 303 and 302 turn everything but HEAD into GET, 301 turns POST into GET; only
   * 307 and 308 keep the body. For sessions.
   */
  REQUESTS {
    @Override
    public String method(String method, int status) {
      boolean toGet =
          switch (status) {
            case 301 -> method.equals("POST");
            case 302, 303 -> !method.equals("HEAD");
            default -> false;
          };
      return toGet ? "GET" : method;
    }

    @Override
    public boolean dropsBody(int status) {
      return status != 307 && status != 308;
    }
  };

  /**
   * Returns whether a response with this status is a redirect, if its {@code Location} says where.
   */
  public static boolean isRedirect(int status) {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  /** Returns the method of the next request. */
  public abstract String method(String method, int status);

  /** Returns whether the next request has no body. */
  public abstract boolean dropsBody(int status);
}
