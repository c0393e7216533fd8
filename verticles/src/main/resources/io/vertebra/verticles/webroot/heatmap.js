// A heat map: time from left to right, a histogram's buckets from bottom to top, colour for how many values.
import {extent, range, sum} from "./buckets.js";
import {freshId, h, setAttribute, setText} from "./dom.js";
import {HeatCanvas} from "./heatcanvas.js";
import {HeatTable} from "./heattable.js";
import {count, wall} from "./format.js";
import {onTheme} from "./theme.js";

const MOST_COLUMNS = 180;
const MOST_SERIES = 16;
const SPAN_MILLIS = 180_000;
const LEAST_MILLIS = 60_000;

/** The last three minutes of one histogram, of one of its series or of all. */
export class HeatMap {
  #format;
  #edges = null;
  #columns = [];
  #chosen = null;
  #cell = null;
  #drawing = false;
  #canvas = h("canvas", {class: "heat"});
  #tip = h("div", {class: "tip", role: "status", hidden: true});
  #plot;
  #scale = h("span", {class: "counted"}, "0");
  #table = new HeatTable();
  #painter;
  #observer = new ResizeObserver(() => this.#draw());
  #offTheme = onTheme(() => {
    this.#painter.forget();
    this.#draw();
  });
  element;

  /** label: what it shows; format: of base units. */
  constructor(label, format) {
    this.#format = format;
    this.#painter = new HeatCanvas(this.#canvas, format);
    const help = freshId("heat-help");
    this.#plot = h("div", {
      class: "heat-plot", tabindex: 0, role: "group", "aria-label": `Heat map: ${label}`, "aria-describedby": help,
      pointermove: event => this.#point(event), pointerleave: () => this.#select(null),
      keydown: event => this.#key(event), blur: () => this.#select(null),
    }, this.#canvas, this.#tip);
    this.element = h("div", {class: "heatmap"}, this.#plot,
      h("div", {class: "scale"}, h("span", {"aria-hidden": "true"}, "0"), h("i", {"aria-hidden": "true"}), this.#scale,
        h("span", {class: "faint", id: help}, "values a second; arrow keys move through the cells"), this.#table.element));
    this.#observer.observe(this.#canvas);
  }

  /** Adds a column: what was counted from one moment to another, in milliseconds, as slots by series. */
  push(from, to, edges, series) {
    this.#edges = edges;
    const kept = new Map([...series].slice(0, MOST_SERIES));
    const all = new Array(edges.length - 1).fill(0);
    series.forEach(slots => slots.forEach((n, k) => all[k] += n));
    this.#columns.push({from, to, all, series: kept});
    while (this.#columns.length > MOST_COLUMNS || this.#columns[0].to < to - SPAN_MILLIS) this.#columns.shift();
    this.#draw();
    this.#table.update(this.#columns, this.#edges, this.#slots, this.#format);
  }

  /** Shows one series, or all when the key is null. */
  choose(key) {
    this.#chosen = key;
    this.#select(null);
    this.#table.update(this.#columns, this.#edges, this.#slots, this.#format, true);
  }

  /** Lets go of everything outside. */
  destroy() {
    this.#observer.disconnect();
    this.#offTheme();
  }

  #slots = column => (this.#chosen === null ? column.all : column.series.get(this.#chosen) ?? column.all.map(() => 0));

  #draw() {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#drawNow();
    });
  }

  #drawNow() {
    if (!this.#edges || this.#canvas.clientWidth === 0) return;
    const [low, high] = extent(this.#columns.map(column => column.all), this.#edges.length - 1);
    const last = this.#columns.at(-1).to;
    const first = Math.min(this.#columns[0].from, last - LEAST_MILLIS);
    const most = this.#painter.draw({
      columns: this.#columns, slots: this.#slots, edges: this.#edges, low, high, first, last, cell: this.#cell,
    });
    setText(this.#scale, count(most));
    setAttribute(this.#canvas, "data-total", String(sum(this.#columns.map(column => sum(this.#slots(column))))));
  }

  #point(event) {
    const box = this.#canvas.getBoundingClientRect();
    const at = this.#painter.at(event.clientX - box.left, event.clientY - box.top);
    const column = at && this.#columns.find(c => c.from <= at.time && at.time < c.to);
    this.#select(column ? {column, slot: at.slot} : null);
  }

  #key(event) {
    if (this.#columns.length === 0) return;
    if (event.key === "Escape") return this.#select(null);
    const [low, high] = this.#painter.slots;
    const at = this.#cell ? this.#columns.indexOf(this.#cell.column) : this.#columns.length - 1;
    const slot = this.#cell?.slot ?? Math.floor((low + high) / 2);
    const last = this.#columns.length - 1;
    const next = {
      ArrowLeft: [at - 1, slot], ArrowRight: [at + 1, slot], ArrowUp: [at, slot + 1], ArrowDown: [at, slot - 1],
      Home: [0, slot], End: [last, slot],
    }[event.key];
    if (!next) return;
    event.preventDefault();
    const column = this.#columns[Math.max(0, Math.min(last, next[0]))];
    this.#select({column, slot: Math.max(low, Math.min(high - 1, next[1]))});
  }

  #select(cell) {
    this.#cell = cell;
    this.#tip.hidden = !cell;
    if (cell) {
      const values = this.#slots(cell.column);
      setText(this.#tip, `${wall(cell.column.to)}  ${range(this.#edges, cell.slot, this.#format)}: ${count(values[cell.slot])} of ${count(sum(values))}`);
      const place = this.#painter.place(cell.column, cell.slot);
      const right = place.x > this.#canvas.clientWidth / 2;
      this.#tip.style.left = right ? "" : `${place.x + 14}px`;
      this.#tip.style.right = right ? `${this.#canvas.clientWidth - place.x + 14}px` : "";
      this.#tip.style.top = `${Math.max(0, place.y - 30)}px`;
    }
    this.#draw();
  }
}
