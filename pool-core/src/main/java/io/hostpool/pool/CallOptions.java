package io.hostpool.pool;

import io.hostpool.http.RedirectBudget;
import org.jspecify.annotations.Nullable;

/**
 * What all redirects of one call share. Immutable, but for the budget.
 *
 * @param startNanos when the call began, by the pool's ticker: the total time counts from there
 * @param redirects what the bodies of redirects that are followed may hold together; null if none
 *     is followed: the body of one is an answer like any other then
 */
record CallOptions(long startNanos, @Nullable RedirectBudget redirects) {}
