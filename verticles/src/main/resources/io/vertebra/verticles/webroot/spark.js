// The last minutes of a rate, in a line as high as a line of text.
import {setAttribute, svg} from "./dom.js";

const POINTS = 90;
const HEIGHT = 20;

/** A number's history by key; what no key was seen of in a round is forgotten. */
export class Histories {
  #known = new Map();
  #seen = new Set();

  /** Adds a value; the oldest give way. */
  push(key, value) {
    this.#seen.add(key);
    const values = this.#known.get(key) ?? [];
    values.push(value);
    if (values.length > POINTS) values.shift();
    this.#known.set(key, values);
  }

  /** Ends a round. */
  settle() {
    for (const key of this.#known.keys()) {
      if (!this.#seen.has(key)) this.#known.delete(key);
    }
    this.#seen.clear();
  }

  get(key) {
    return this.#known.get(key) ?? [];
  }
}

/** Draws a history into an element that holds nothing else. Decoration: the number beside it is what counts. */
export function drawSpark(parent, values) {
  if (!parent.firstChild) {
    parent.append(svg("svg", {class: "spark", viewBox: `0 0 ${POINTS} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true"},
      svg("polygon"), svg("polyline")));
  }
  const [area, line] = parent.firstChild.children;
  const most = Math.max(...values, 1e-9);
  const points = values.map((v, i) => `${POINTS - values.length + i + 0.5},${(HEIGHT - 1 - (v / most) * (HEIGHT - 3)).toFixed(1)}`);
  setAttribute(line, "points", points.join(" "));
  setAttribute(area, "points", `${POINTS - values.length + 0.5},${HEIGHT} ${points.join(" ")} ${POINTS - 0.5},${HEIGHT}`);
}
