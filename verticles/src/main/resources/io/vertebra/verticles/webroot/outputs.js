// What becomes of events and records: places, and losses by cause.
import {bytes, count, seconds, short} from "./format.js";

/** Causes that somebody has asked for. */
const WANTED = ["rate_limited", "client_left"];

/** One row for each cause at each place, the largest first; before: {time, losses: Map of counts} of the frame before. */
export function lossesOf({time, attachments, outputs}, before) {
  const places = [
    ...attachments.map(a => ({where: `${a.hook} → ${a.codelet_set}/${a.codelet}`, dropped: a.dropped})),
    ...outputs.map(o => ({where: `${o.stream} → ${o.connector}`, dropped: o.dropped})),
  ];
  const period = before ? (time - before.time) / 1000 : 0;
  return places
    .flatMap(({where, dropped}) => Object.entries(dropped).map(([cause, n]) => {
      const key = `${cause} ${where}`;
      const rate = period > 0 ? Math.max(0, n - (before.losses.get(key) ?? 0)) / period : 0;
      return {key, cause, where, count: n, rate, wanted: WANTED.includes(cause)};
    }))
    .filter(loss => loss.count > 0)
    .sort((a, b) => a.wanted - b.wanted || b.count - a.count);
}

/** The places of records, with what waits in front of each where it is known. */
export function outputRows({outputs, connectors}) {
  const waiting = new Map(connectors.map(connector => [connector.name, connector]));
  return outputs.map(output => ({...waiting.get(output.connector), ...output}));
}

export function outputColumns() {
  return [
    {title: "Stream", head: true, text: o => o.stream, by: o => o.stream},
    {title: "Place", text: o => o.connector, by: o => o.connector},
    {title: "Records/s", number: true, text: o => short(o.rate), by: o => o.rate},
    {title: "Emitted", number: true, text: o => count(o.emitted), by: o => o.emitted},
    {title: "Delivered", number: true, text: o => count(o.delivered), by: o => o.delivered},
    {title: "Dropped", number: true, text: o => count(total(o.dropped)), by: o => total(o.dropped), tone: o => (unwanted(o.dropped) ? "warn" : "faint")},
    {title: "Waiting", number: true, text: o => count(o.waiting), by: o => o.waiting, tone: o => quiet(o.waiting)},
    {title: "Queue", number: true, text: o => optional(o.queue_bytes, bytes), by: o => o.queue_bytes ?? -1, tone: o => quiet(o.queue_bytes)},
    {title: "Spool", number: true, text: o => optional(o.spool_bytes, bytes), by: o => o.spool_bytes ?? -1, tone: o => quiet(o.spool_bytes)},
    {title: "Lag", number: true, text: o => optional(o.lag_seconds, seconds), by: o => o.lag_seconds ?? -1, tone: o => quiet(o.lag_seconds)},
  ];
}

export function total(byCause) {
  return Object.values(byCause).reduce((a, b) => a + b, 0);
}

/** What was lost against anybody's wish: a rate limit is a wish. */
export function unwanted(byCause) {
  return total(byCause) - WANTED.reduce((sum, cause) => sum + (byCause[cause] ?? 0), 0);
}

/** Zeros are not to draw the eye. */
export function quiet(value) {
  return value === 0 ? "faint" : "";
}

function optional(value, format) {
  return value === undefined || value === null ? "" : format(value);
}
