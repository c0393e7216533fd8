// How a heat map is painted: cells, both axes, and the cell that is pointed at.
import {wall} from "./format.js";
import {colour} from "./theme.js";

const STOPS = 6;
const STEPS = 64;
const LEFT = 58, BOTTOM = 20, TOP = 6, RIGHT = 4;
const FONT = "11px system-ui, sans-serif";

/** Paints into a canvas of any size and knows what is where. */
export class HeatCanvas {
  #canvas;
  #format;
  #ramp = null;
  #inks = null;
  #frame = null;

  constructor(canvas, format) {
    this.#canvas = canvas;
    this.#format = format;
  }

  /** The colours have changed. */
  forget() {
    this.#ramp = null;
  }

  /** The slots from, and without, that are shown. */
  get slots() {
    return this.#frame ? [this.#frame.low, this.#frame.high] : [0, 1];
  }

  /** Paints everything; returns the largest count. */
  draw(frame) {
    this.#frame = frame;
    this.#ramp ??= this.#colours();
    const context = this.#sized();
    const most = Math.max(1, ...frame.columns.flatMap(column => frame.slots(column)));
    const scale = (STEPS - 1) / Math.log1p(most);
    context.fillStyle = this.#ramp[0];
    context.fillRect(LEFT, TOP, this.#width, this.#height);
    for (const column of frame.columns) {
      const values = frame.slots(column);
      for (let k = frame.low; k < frame.high; k++) {
        if (values[k] > 0) {
          context.fillStyle = this.#ramp[Math.round(Math.log1p(values[k]) * scale)];
          context.fillRect(...this.#box(column, k));
        }
      }
    }
    this.#axes(context);
    if (frame.cell) this.#mark(context, frame.cell);
    return most;
  }

  /** What is at a place; null outside of the cells. */
  at(x, y) {
    const f = this.#frame;
    if (!f || x < LEFT || x > LEFT + this.#width || y < TOP || y > TOP + this.#height) return null;
    return {
      time: f.first + ((x - LEFT) / this.#width) * (f.last - f.first),
      slot: Math.min(f.high - 1, f.low + Math.floor(((TOP + this.#height - y) / this.#height) * (f.high - f.low))),
    };
  }

  /** The middle of a cell. */
  place(column, slot) {
    const [x, y, width, height] = this.#box(column, slot);
    return {x: x + width / 2, y: y + height / 2};
  }

  get #width() {
    return this.#canvas.clientWidth - LEFT - RIGHT;
  }

  get #height() {
    return this.#canvas.clientHeight - TOP - BOTTOM;
  }

  /** Whole pixels, so that neighbours neither overlap nor leave seams. */
  #box(column, slot) {
    const f = this.#frame;
    const x = time => Math.round(LEFT + ((time - f.first) / (f.last - f.first)) * this.#width);
    const y = k => Math.round(TOP + this.#height - ((k - f.low) / (f.high - f.low)) * this.#height);
    const left = Math.max(LEFT, x(column.from));
    return [left, y(slot + 1), Math.max(1, x(column.to) - left), Math.max(1, y(slot) - y(slot + 1) - 1)];
  }

  #sized() {
    const ratio = devicePixelRatio || 1;
    const [width, height] = [this.#canvas.clientWidth, this.#canvas.clientHeight];
    if (this.#canvas.width !== Math.round(width * ratio) || this.#canvas.height !== Math.round(height * ratio)) {
      this.#canvas.width = Math.round(width * ratio);
      this.#canvas.height = Math.round(height * ratio);
    }
    const context = this.#canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  }

  #axes(context) {
    const f = this.#frame;
    context.font = FONT;
    context.fillStyle = this.#inks.label;
    context.textBaseline = "middle";
    context.textAlign = "right";
    const every = Math.max(1, Math.ceil(((f.high - f.low) * 16) / this.#height));
    for (let k = f.low; k <= f.high; k += every) {
      const y = TOP + this.#height - ((k - f.low) / (f.high - f.low)) * this.#height;
      if (every > 1 && y < TOP + 8) continue; // would touch the one below
      const text = Number.isFinite(f.edges[k]) ? this.#format(f.edges[k]) : "∞";
      context.fillText(text, LEFT - 6, Math.max(TOP + 5, y));
    }
    context.textBaseline = "alphabetic";
    const step = (f.last - f.first > 100_000 ? 30 : 15) * (this.#width < 420 ? 2 : 1) * 1000;
    for (let time = Math.ceil(f.first / step) * step; time <= f.last; time += step) {
      const x = LEFT + ((time - f.first) / (f.last - f.first)) * this.#width;
      context.textAlign = x > LEFT + this.#width - 26 ? "right" : x < LEFT + 26 ? "left" : "center";
      context.fillText(wall(time), x, TOP + this.#height + 15);
    }
  }

  #mark(context, {column, slot}) {
    const [x, y, width, height] = this.#box(column, slot);
    context.strokeStyle = this.#inks.mark;
    context.lineWidth = 1.5;
    context.strokeRect(x - 1, y - 1, width + 2, height + 2);
  }

  /** The theme's ramp in small steps; its lightness only ever goes one way. */
  #colours() {
    this.#inks = {label: colour("--faint"), mark: colour("--text")};
    const stops = Array.from({length: STOPS}, (_, i) => colour(`--heat-${i}`).match(/[\d.]+/g).map(Number));
    return Array.from({length: STEPS}, (_, i) => {
      const at = (i / (STEPS - 1)) * (STOPS - 1), low = Math.min(STOPS - 2, Math.floor(at)), part = at - low;
      return `rgb(${stops[low].slice(0, 3).map((c, n) => Math.round(c + (stops[low + 1][n] - c) * part)).join(" ")})`;
    });
  }
}
