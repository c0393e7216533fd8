// Lines over time (uPlot), the latest value of each in the legend.
import {h, setText} from "./dom.js";
import {wall} from "./format.js";
import {colour, onTheme} from "./theme.js";

const POINTS = 180;
const MOST_SERIES = 8;
const LEAST_SECONDS = 30;

/** A moving line for each key. */
export class LineChart {
  #format;
  #height;
  #times = [];
  #series = new Map();
  #plot = null;
  #canvas = h("div", {class: "plot"});
  #legend = h("ul", {class: "legend"});
  #observer = new ResizeObserver(() => this.#resize());
  #offTheme = onTheme(() => this.#rebuild());
  element = h("div", {class: "lines"}, this.#canvas, this.#legend);

  constructor(format, height = 130) {
    this.#format = format;
    this.#height = height;
    this.#observer.observe(this.#canvas);
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

  /** Nothing is known from the last point to the next. */
  gap() {
    if (this.#times.length > 0 && [...this.#series.values()].some(points => points.at(-1) !== null)) {
      this.#times.push(this.#times.at(-1) + 0.001);
      this.#series.forEach(points => points.push(null));
    }
  }

  /** Lets go of everything outside. */
  destroy() {
    this.#observer.disconnect();
    this.#offTheme();
    this.#plot?.destroy();
    this.#plot = null;
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
    return {width: Math.max(160, this.#canvas.clientWidth), height: this.#height};
  }

  #resize() {
    if (this.#canvas.clientWidth > 0) {
      if (this.#plot) {
        this.#plot.setSize(this.#size());
      } else {
        this.#rebuild();
      }
    }
  }

  #rebuild() {
    if (!this.#canvas.isConnected || this.#canvas.clientWidth === 0 || this.#times.length === 0) return;
    this.#plot?.destroy();
    const axis = {stroke: colour("--faint"), grid: {stroke: colour("--line"), width: 1}, ticks: {show: false}, font: "11px system-ui"};
    const lines = [...this.#series.keys()].map((label, i) => ({
      label, stroke: colour(`--series-${i + 1}`), width: 1.6, points: {show: false}, spanGaps: false,
    }));
    this.#plot = new uPlot({
      ...this.#size(),
      legend: {show: false},
      cursor: {points: {size: 5}, drag: {x: false, y: false}},
      hooks: {setCursor: [plot => this.#point(plot.cursor.idx)]},
      padding: [8, 26, 0, 0],
      scales: {
        x: {range: () => this.#window()},
        y: {range: (_, low, high) => [0, high > 0 ? high * 1.12 : 1]},
      },
      axes: [
        {...axis, space: 80, size: 22, values: (_, splits) => splits.map(s => wall(s * 1000))},
        {...axis, space: 28, size: 52, values: (_, splits) => splits.map(v => this.#format(v))},
      ],
      series: [{}, ...lines],
    }, this.#data(), this.#canvas);
  }

  /** While the pointer is over the lines, the legend has the values below it. */
  #point(index) {
    const at = index ?? this.#times.length - 1;
    this.#describe(new Map([...this.#series].map(([key, points]) => [key, points[at]])));
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
      setText(value, values.get(key) === null || values.get(key) === undefined ? "-" : this.#format(values.get(key)));
    });
    this.#legend.dataset.more = values.size > keys.length ? `and ${values.size - keys.length} more` : "";
  }
}
