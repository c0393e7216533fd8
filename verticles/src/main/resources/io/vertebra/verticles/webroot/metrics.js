// One panel for each declared metric: how fast each series grows, what a gauge shows, how a histogram is shaped.
import {HistogramChart, LineChart} from "./charts.js";
import {h} from "./dom.js";
import {short, unitOf} from "./format.js";

const WINDOW_MILLIS = 10_000;

/** A panel that follows one metric's map. */
export class MetricPanel {
  #metric;
  #previous = null;
  #history = [];
  #lines;
  #bars = null;
  element;

  constructor(metric) {
    this.#metric = metric;
    const rate = metric.type !== "gauge";
    this.#lines = new LineChart(rate ? v => short(v) : unitOf(metric.name));
    const by = metric.labels.length ? `by ${metric.labels.join(", ")}` : "";
    const parts = [h("div", {class: "panel-head"}, h("h3", {}, metric.help || metric.name), h("code", {}, metric.name))];
    if (metric.type === "histogram") {
      this.#bars = new HistogramChart(metric.multiplier, unitOf(metric.name));
      parts.push(h("p", {class: "sub"}, `the last 10 seconds ${by}; pale: since the start`), this.#bars.element);
    }
    parts.push(h("p", {class: "sub"}, `${rate ? "per second " : ""}${by}`), this.#lines.element);
    this.element = h("article", {class: "card panel", "data-metric": metric.name}, ...parts);
  }

  /** A frame of the map's subscription. */
  update(frame) {
    const entries = new Map(frame.entries.map(entry => [keyOf(entry), entry]));
    const values = new Map([...entries].map(([key, entry]) => [key, this.#number(entry)]));
    this.#drawLines(frame.time, values);
    if (this.#bars) this.#drawBars(frame.time, entries);
  }

  #number(entry) {
    return this.#metric.type === "histogram" ? slotsOf(entry).reduce((a, b) => a + b, 0) : scalarOf(entry, this.#metric.field) * this.#metric.multiplier;
  }

  #drawLines(time, values) {
    if (this.#metric.type === "gauge") {
      this.#lines.push(time / 1000, values);
      return;
    }
    const before = this.#previous;
    this.#previous = {time, values};
    if (!before || time <= before.time) return;
    const seconds = (time - before.time) / 1000;
    const rates = new Map([...values].map(([key, value]) => [key, Math.max(0, value - (before.values.get(key) ?? 0)) / seconds]));
    this.#lines.push(time / 1000, rates);
  }

  #drawBars(time, entries) {
    const slots = new Map([...entries].map(([key, entry]) => [key, slotsOf(entry)]));
    this.#history.push({time, slots});
    while (this.#history.length > 2 && this.#history[1].time <= time - WINDOW_MILLIS) this.#history.shift();
    const oldest = this.#history[0].slots;
    this.#bars.update([...slots].map(([key, total]) => ({
      key, total, recent: total.map((n, k) => Math.max(0, n - (oldest.get(key)?.[k] ?? 0))),
    })));
  }
}

/** What a series is called: its label values, or its key's fields. */
function keyOf(entry) {
  if (entry.labels) return Object.values(entry.labels).join(" · ") || "total";
  return typeof entry.key === "object" ? Object.values(entry.key).join(" · ") : String(entry.key);
}

function slotsOf(entry) {
  return (entry.value?.slots ?? []).map(Number);
}

function scalarOf(entry, field) {
  return Number(field ? entry.value?.[field] : entry.value);
}
