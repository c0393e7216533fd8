/**
 * What a codelet may use while it runs, judged between its runs: nothing is put into its code.
 *
 * <pre>
 *   events_per_second   RateLimit   a bucket that time fills and events empty; what finds it empty is dropped
 *   run_ns_p99          RunGuard    sampled run times, window by window  \ DetachReason: the codelet leaves its hook,
 *   max_faults          RunGuard    faulted runs in 10 seconds           / others stay
 * </pre>
 */
package io.vertebra.runtime.limit;
