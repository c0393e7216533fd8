// Lines over time (uPlot) and log2 histograms (plain elements).
import {h, setText} from "./dom.js";
import {count, short} from "./format.js";

const POINTS = 120;
const MOST_SERIES = 8;
const CHART_HEIGHT = 160;
const LEAST_SECONDS = 30;

/** The theme's colour number i. */
export function colour(i) {
  return css(`--series-${(i % MOST_SERIES) + 1}`);
}

function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A moving line for each key; the latest value of each stands in the legend. */
export class LineChart {
  #format;
  #times = [];
  #series = new Map();
  #plot = null;
  #canvas = h("div", {class: "plot"});
  #legend = h("ul", {class: "legend"});
  element = h("div", {}, this.#canvas, this.#legend);

  constructor(format) {
    this.#format = format;
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(this.#canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#rebuild());
  }

  /** Adds one point in time: seconds since 1970, and a value by key. */
  push(time, values) {
    let grown = false;
    for (const key of values.keys()) {
      if (!this.#series.has(key) && this.#series.size < MOST_SERIES) {
        this.#series.set(key, this.#times.map(() => null));
        grown = true;
      }
    }
    this.#times.push(time);
    this.#series.forEach((points, key) => points.push(values.get(key) ?? null));
    if (this.#times.length > POINTS) {
      this.#times.shift();
      this.#series.forEach(points => points.shift());
    }
    if (grown || !this.#plot) {
      this.#rebuild();
    } else {
      this.#plot.setData(this.#data());
    }
    this.#describe(values);
  }

  #data() {
    return [this.#times, ...this.#series.values()];
  }

  /** From the oldest point, so that the first minute does not begin in an empty frame. */
  #window() {
    const last = this.#times.at(-1);
    return [Math.min(this.#times[0], last - LEAST_SECONDS), last];
  }

  #size() {
    return {width: Math.max(200, this.#canvas.clientWidth), height: CHART_HEIGHT};
  }

  #rebuild() {
    if (!this.#canvas.isConnected || this.#times.length === 0) return;
    this.#plot?.destroy();
    const axis = {stroke: css("--faint"), grid: {stroke: css("--line"), width: 1}, ticks: {show: false}, font: "11px system-ui"};
    const lines = [...this.#series.keys()].map((label, i) => ({
      label, stroke: colour(i), width: 1.8, points: {show: false}, spanGaps: true,
    }));
    this.#plot = new uPlot({
      ...this.#size(),
      legend: {show: false},
      cursor: {points: {size: 6}, drag: {x: false, y: false}},
      padding: [10, 22, 0, 0],
      scales: {
        x: {range: () => this.#window()},
        y: {range: (_, low, high) => [0, high > 0 ? high * 1.12 : 1]},
      },
      axes: [
        {...axis, space: 70, size: 24, values: (_, splits) => splits.map(s => clockMinutes(s))},
        {...axis, size: 48, values: (_, splits) => splits.map(v => this.#format(v))},
      ],
      series: [{}, ...lines],
    }, this.#data(), this.#canvas);
  }

  #describe(values) {
    const keys = [...this.#series.keys()];
    while (this.#legend.children.length < keys.length) {
      const swatch = h("i", {class: `swatch s${this.#legend.children.length + 1}`});
      this.#legend.append(h("li", {}, swatch, h("span"), h("b")));
    }
    keys.forEach((key, i) => {
      const [, name, value] = this.#legend.children[i].children;
      setText(name, key);
      setText(value, values.has(key) ? this.#format(values.get(key)) : "-");
    });
    this.#legend.dataset.more = values.size > keys.length ? `and ${values.size - keys.length} more` : "";
  }
}

function clockMinutes(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString("en-GB", {hour12: false});
}

/** One small log2 histogram for each key, all on the same axis. */
export class HistogramChart {
  #format;
  #multiplier;
  #figures = new Map();
  element = h("div", {class: "histograms"});

  /** multiplier: raw units to base units; format: of base units. */
  constructor(multiplier, format) {
    this.#multiplier = multiplier;
    this.#format = format;
  }

  /** rows: [{key, total: slots since start, recent: slots of the last seconds}]. */
  update(rows) {
    const shown = [...rows].sort((a, b) => sum(b.total) - sum(a.total)).slice(0, MOST_SERIES * 2);
    const [from, to] = extent(shown);
    for (const {key} of shown) {
      if (!this.#figures.has(key)) {
        this.#figures.set(key, this.#figure(key, this.#figures.size));
      }
    }
    this.#figures.forEach((figure, key) => {
      const row = shown.find(r => r.key === key);
      figure.element.hidden = !row;
      if (row) this.#draw(figure, row, from, to);
    });
  }

  #figure(key, index) {
    const name = h("span", {class: "name"}, h("i", {class: `swatch s${(index % MOST_SERIES) + 1}`}), key);
    const counted = h("span", {class: "counted"});
    const quantiles = h("span", {class: "quantiles"});
    const bars = h("div", {class: `bars s${(index % MOST_SERIES) + 1}`});
    const axis = h("div", {class: "axis"});
    const element = h("figure", {"data-key": key}, h("figcaption", {}, name, counted, quantiles), bars, axis);
    this.element.append(element);
    return {element, counted, quantiles, bars, axis};
  }

  #draw(figure, row, from, to) {
    const recent = sum(row.recent) > 0 ? row.recent : row.total;
    const most = Math.max(1, ...recent), mostTotal = Math.max(1, ...row.total);
    while (figure.bars.children.length < to - from) figure.bars.append(h("div", {}, h("s"), h("b")));
    while (figure.bars.children.length > to - from) figure.bars.lastChild.remove();
    [...figure.bars.children].forEach((bar, i) => {
      const k = from + i;
      bar.children[0].style.height = `${(100 * row.total[k]) / mostTotal}%`;
      bar.children[1].style.height = `${(100 * recent[k]) / most}%`;
      bar.title = `${this.#edge(k)} to ${this.#edge(k + 1)}: ${count(row.total[k])}`;
    });
    figure.counted.dataset.count = sum(row.total);
    setText(figure.counted, count(sum(row.total)));
    setText(figure.quantiles, `p50 ≤ ${this.#quantile(recent, 0.5)}   p99 ≤ ${this.#quantile(recent, 0.99)}`);
    const marks = [from, Math.round((from + to) / 2), to].map(k => this.#edge(k));
    if (figure.axis.dataset.marks !== marks.join()) {
      figure.axis.dataset.marks = marks.join();
      figure.axis.replaceChildren(...marks.map(mark => h("span", {}, mark)));
    }
    figure.bars.setAttribute("role", "img");
    figure.bars.setAttribute("aria-label", `${short(sum(recent))} recent values, ${figure.quantiles.textContent}`);
  }

  /** Lower edge of slot k, which counts [2^k, 2^(k+1)); slot 0 begins at 0. */
  #edge(k) {
    return this.#format(k === 0 ? 0 : 2 ** k * this.#multiplier);
  }

  /** The upper edge of the slot that holds the quantile: a bound that is always true. */
  #quantile(slots, q) {
    let left = q * sum(slots);
    for (let k = 0; k < slots.length; k++) {
      left -= slots[k];
      if (left <= 0) return this.#edge(k + 1);
    }
    return "-";
  }
}

/** The slots worth drawing: from the first to the last that holds anything, at least eight. */
function extent(rows) {
  let from = Infinity, to = 0;
  for (const {total} of rows) {
    total.forEach((n, k) => {
      if (n > 0) {
        from = Math.min(from, k);
        to = Math.max(to, k + 1);
      }
    });
  }
  if (from === Infinity) return [0, 8];
  const length = rows[0].total.length;
  while (to - from < 8 && (from > 0 || to < length)) {
    if (to < length) to++;
    if (to - from < 8 && from > 0) from--;
  }
  return [from, to];
}

function sum(slots) {
  return slots.reduce((a, b) => a + b, 0);
}
