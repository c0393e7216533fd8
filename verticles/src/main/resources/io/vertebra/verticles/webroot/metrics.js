// One panel for each declared metric: a histogram as a heat map and bars, anything else as lines.
import {HistogramChart} from "./bars.js";
import {added, edgesOf, sum} from "./buckets.js";
import {h, freshId, setText} from "./dom.js";
import {short, unitOf} from "./format.js";
import {HeatMap} from "./heatmap.js";
import {LineChart} from "./lines.js";

const WINDOW_MILLIS = 10_000;

/** The panel that suits a metric. */
export function panelOf(metric) {
  return metric.type === "histogram" ? new HistogramPanel(metric) : new LinePanel(metric);
}

/** Counters a second, or gauges as they are. */
class LinePanel {
  #metric;
  #before = null;
  #lines;
  element;

  constructor(metric) {
    this.#metric = metric;
    const rate = metric.type !== "gauge";
    this.#lines = new LineChart(rate ? short : unitOf(metric.name));
    this.element = panel(metric, "", rate ? "per second" : "now", this.#lines.element);
  }

  /** A frame of the map's subscription. */
  update(frame) {
    const metric = this.#metric;
    const values = new Map(frame.entries.map(entry => [nameOf(entry), scalarOf(entry, metric.field) * metric.multiplier]));
    if (metric.type === "gauge") {
      this.#lines.push(frame.time / 1000, values);
      return;
    }
    const before = this.#before;
    this.#before = {time: frame.time, values};
    if (before && frame.type !== "snapshot" && frame.time > before.time) {
      const seconds = (frame.time - before.time) / 1000;
      const rate = ([key, value]) => [key, Math.max(0, value - (before.values.get(key) ?? 0)) / seconds];
      this.#lines.push(frame.time / 1000, new Map([...values].map(rate)));
    }
  }

  /** Frames are not asked for any more, for a while. */
  pause() {
    this.#before = null;
    this.#lines.gap();
  }

  destroy() {
    this.#lines.destroy();
  }
}

/** How values spread, and how that moves. */
class HistogramPanel {
  #metric;
  #history = [];
  #format;
  #heat;
  #bars;
  #series = h("div", {class: "chips", role: "radiogroup", "aria-label": "Series of the heat map"});
  #group = freshId("series");
  element;

  constructor(metric) {
    this.#metric = metric;
    this.#format = unitOf(metric.name);
    this.#heat = new HeatMap(metric.help || metric.name, this.#format);
    this.#bars = new HistogramChart(this.#format);
    this.element = panel(metric, "histogram", "per second", this.#series, this.#heat.element,
      h("p", {class: "sub"}, "the last 10 seconds; pale: since the start"), this.#bars.element);
  }

  /** A frame of the map's subscription. */
  update(frame) {
    const slots = seriesOf(frame.entries, this.#metric.buckets);
    if (frame.type === "snapshot") this.#history = [];
    const before = this.#history.at(-1);
    this.#history.push({time: frame.time, slots});
    while (this.#history.length > 2 && this.#history[1].time <= frame.time - WINDOW_MILLIS) this.#history.shift();
    if (slots.size === 0) return;
    const edges = edgesOf(this.#metric.buckets, this.#metric.multiplier, slots.values().next().value.length);
    this.#drawBars(slots, edges);
    if (before && frame.time > before.time) {
      const deltas = new Map([...slots].map(([key, now]) => [key, added(now, before.slots.get(key))]));
      this.#heat.push(before.time, frame.time, edges, deltas);
      this.#drawSeries(deltas, (frame.time - before.time) / 1000);
    } else {
      this.#drawSeries(new Map([...slots].map(([key, now]) => [key, now.map(() => 0)])), 1);
    }
  }

  /** Frames are not asked for any more, for a while. */
  pause() {
    this.#history = [];
  }

  destroy() {
    this.#heat.destroy();
  }

  #drawBars(slots, edges) {
    const oldest = this.#history[0].slots;
    this.#bars.update([...slots].map(([key, total]) => ({key, total, recent: added(total, oldest.get(key))})), edges);
  }

  #drawSeries(deltas, seconds) {
    const rates = [["all", sum([...deltas.values()].map(sum))], ...[...deltas].map(([key, slots]) => [key, sum(slots)])];
    rates.slice(0, 17).forEach(([name, values], i) => {
      const chip = this.#series.children[i] ?? this.#chip(i);
      const [input, text, rate] = chip.children;
      input.value = name;
      setText(text, name);
      setText(rate, `${short(values / seconds)}/s`);
    });
  }

  #chip(i) {
    const input = h("input", {type: "radio", name: this.#group, change: () => this.#heat.choose(i === 0 ? null : input.value)});
    input.checked = i === 0;
    const chip = h("label", {class: "chip"}, input, h("span"), h("b"));
    this.#series.append(chip);
    return chip;
  }
}

function panel(metric, kind, what, ...children) {
  const by = metric.labels.length ? `by ${metric.labels.join(", ")}` : "";
  const title = freshId("metric");
  return h("article", {class: `card panel ${kind}`.trim(), "data-metric": metric.name, "aria-labelledby": title},
    h("div", {class: "panel-head"},
      h("h3", {id: title}, (metric.help || metric.name).replace(/\.$/, "")),
      h("p", {class: "sub"}, h("code", {}, metric.name), ` ${what} ${by}`)),
    ...children);
}

/** What a series is called: its label values, or its key's fields. */
function nameOf(entry) {
  return (entry.labels ? Object.values(entry.labels) : fieldsOf(entry.key)).join(" · ") || "total";
}

function fieldsOf(key) {
  return key !== null && typeof key === "object" ? Object.values(key) : [String(key)];
}

/** The slots of each series: a value's, or those of the entries whose keys differ in their last field only. */
function seriesOf(entries, buckets) {
  if (buckets?.type !== "keys") {
    return new Map(entries.map(entry => [nameOf(entry), (entry.value?.slots ?? []).map(Number)]));
  }
  const series = new Map();
  for (const entry of entries) {
    const k = buckets.keys.indexOf(Number(fieldsOf(entry.key).at(-1)));
    if (k < 0) continue; // the sum
    const labels = Object.entries(entry.labels ?? {}).slice(0, -1);
    const name = nameOf({labels: Object.fromEntries(labels)});
    if (!series.has(name)) series.set(name, buckets.keys.map(() => 0));
    series.get(name)[k] += Number(entry.value);
  }
  return series;
}

function scalarOf(entry, field) {
  return Number(field ? entry.value?.[field] : entry.value);
}
