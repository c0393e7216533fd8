// What the slots of a histogram count, and what can be said of the values in them.

/** Slot k counts what is from edges[k] up to, without, edges[k + 1]; in base units. */
export function edgesOf(buckets, multiplier, length) {
  if (buckets?.type === "keys") return [buckets.bounds[0] > 0 ? 0 : -Infinity, ...buckets.bounds];
  const edges = [];
  for (let k = 0; k <= length; k++) edges.push(edge(buckets ?? {type: "exp2", min: 0}, k, length) * multiplier);
  return edges;
}

function edge(buckets, k, length) {
  switch (buckets.type) {
    case "exp2":
      return k === 0 ? 0 : 2 ** ((buckets.min ?? 0) + k);
    case "exp2zero":
      return k === 0 ? 0 : 2 ** (k - 1);
    case "linear":
      return k === length && buckets.max !== undefined && length > buckets.max - buckets.min + 1 ? Infinity : buckets.min + k;
    default:
      if (k === 0) return buckets.keys[0] > 0 ? 0 : -Infinity;
      return buckets.keys[k - 1] ?? Infinity;
  }
}

/** The upper edge of the slot that holds a quantile: a bound that is always true. Null without values. */
export function quantile(slots, edges, q) {
  const all = sum(slots);
  if (all === 0) return null;
  let left = q * all;
  for (let k = 0; k < slots.length; k++) {
    left -= slots[k];
    if (left <= 0) return edges[k + 1];
  }
  return edges.at(-1);
}

/** "≤ 8.19 ms", or "> 1 s" where the slot has no end. */
export function bound(slots, edges, q, format) {
  const upper = quantile(slots, edges, q);
  if (upper === null) return "-";
  return upper === Infinity ? `> ${format(edges.at(-2))}` : `≤ ${format(upper)}`;
}

/** "4.1 ms to 8.19 ms". */
export function range(edges, k, format) {
  if (edges[k + 1] === Infinity) return `above ${format(edges[k])}`;
  if (edges[k] === -Infinity) return `up to ${format(edges[k + 1])}`;
  return `${format(edges[k])} to ${format(edges[k + 1])}`;
}

/** The slots worth drawing: from the first to the one after the last that holds anything, at least some. */
export function extent(lists, length, least = 8) {
  let from = length, to = 0;
  for (const slots of lists) {
    slots.forEach((n, k) => {
      if (n > 0) {
        from = Math.min(from, k);
        to = Math.max(to, k + 1);
      }
    });
  }
  if (from >= to) return [0, Math.min(least, length)];
  while (to - from < least && (from > 0 || to < length)) {
    if (to < length) to++;
    if (to - from < least && from > 0) from--;
  }
  return [from, to];
}

export function sum(numbers) {
  return numbers.reduce((a, b) => a + b, 0);
}

/** What was added since, never less than nothing: a map may have begun anew. */
export function added(now, before) {
  return now.map((n, k) => Math.max(0, n - (before?.[k] ?? 0)));
}
