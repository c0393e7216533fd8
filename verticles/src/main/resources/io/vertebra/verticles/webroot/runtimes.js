// How long runs take, from the histogram of those that are timed: pairs of a slot's lower bound and its count.
import {bound, edgesOf} from "./buckets.js";
import {seconds} from "./format.js";

const SLOTS = 64;

/** The edges of the slots, in seconds. */
export const RUN_EDGES = edgesOf({type: "exp2", min: 0}, 1e-9, SLOTS);

/** The pairs as a list with a count for each slot. */
export function slotsOf(runTimes) {
  const slots = new Array(SLOTS).fill(0);
  for (const [lower, n] of runTimes.histogram) slots[Math.round(Math.log2(lower))] = n;
  return slots;
}

/** "≤ 1.02 µs"; "-" when no run was timed. */
export function runBound(runTimes, q) {
  return bound(slotsOf(runTimes), RUN_EDGES, q, seconds);
}

/** What part of a core a codelet takes: its mean run, as often as it runs now. */
export function share(runTimes, rate) {
  return runTimes.samples === 0 ? 0 : (runTimes.sampled_ns / runTimes.samples) * rate * 1e-9;
}
