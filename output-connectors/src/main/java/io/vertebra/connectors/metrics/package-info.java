/**
 * Maps as metrics: where the numbers lie in a map's keys and values (by BTF), and how keys become label texts.
 *
 * <pre>
 *   key   struct { __u32 route; char host[16]; }          labels, one for each field, each through its decoders
 *         struct { ...; __u64 bucket; }                   and the bucket of a histogram
 *   value __u64                                           a number
 *         struct { __u64 requests; __u64 bytes; }         a number, chosen by the metric's field
 *         struct { __u64 slots[N]; __u64 sum; }           a log2 histogram: slot k counts [2^k, 2^(k+1)), slot 0 also 0
 * </pre>
 *
 * Values of per-CPU maps are summed. Nothing here knows how metrics are shown.
 */
package io.vertebra.connectors.metrics;
