// Numbers and times as people read them.

const WHOLE = new Intl.NumberFormat("en-US", {maximumFractionDigits: 0});
const SI = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]];

/** 1234567 -> "1,234,567". */
export function count(value) {
  return WHOLE.format(Number(value));
}

/** 12345.6 -> "12.3k"; at most three digits that matter. */
export function short(value) {
  for (const [factor, unit] of SI) {
    if (Math.abs(value) >= factor) {
      return digits(value / factor) + unit;
    }
  }
  return digits(value);
}

/** Seconds -> "850 µs", "1.2 ms", "3 s". */
export function seconds(value) {
  if (value === 0) return "0";
  for (const [factor, unit] of [[1, "s"], [1e-3, "ms"], [1e-6, "µs"]]) {
    if (value >= factor) return digits(value / factor) + " " + unit;
  }
  return digits(value / 1e-9) + " ns";
}

/** Nanoseconds -> "850 ns", "1.2 µs". */
export function nanos(value) {
  return seconds(value / 1e9);
}

/** Bytes -> "1.5 KiB". */
export function bytes(value) {
  for (const [factor, unit] of [[2 ** 30, "GiB"], [2 ** 20, "MiB"], [2 ** 10, "KiB"]]) {
    if (value >= factor) return digits(value / factor) + " " + unit;
  }
  return digits(value) + " B";
}

/** The format of a metric's values, by its base unit. */
export function unitOf(metricName) {
  if (/_seconds(_total)?$/.test(metricName)) return seconds;
  if (/_bytes(_total)?$/.test(metricName)) return bytes;
  return short;
}

/** Milliseconds since 1970 -> "12:34:56", local. */
export function wall(millis) {
  const at = new Date(millis);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":");
}

/** Milliseconds since 1970 -> "12:34:56.789", local. */
export function clock(millis) {
  return `${wall(millis)}.${String(new Date(millis).getMilliseconds()).padStart(3, "0")}`;
}

/** Milliseconds since 1970 -> "2026-11-21 12:34:56", local. */
export function dateTime(millis) {
  const at = new Date(millis);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${wall(millis)}`;
}

/** As short as it is clear: "12:34:56" of today, else with the date. */
export function moment(millis) {
  return new Date(millis).toDateString() === new Date().toDateString() ? wall(millis) : dateTime(millis);
}

/** A typed value as a cell shows it. */
export function valueText(value) {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function two(n) {
  return String(n).padStart(2, "0");
}

function digits(value) {
  const size = Math.abs(value);
  const places = size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toFixed(places).replace(/\.0+$/, "").replace(/(\.\d*?)0+$/, "$1");
}
