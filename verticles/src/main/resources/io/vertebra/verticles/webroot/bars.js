// Histograms as bars: a small one for each series, all on the same axis.
import {bound, extent, range, sum} from "./buckets.js";
import {h, setText} from "./dom.js";
import {count, short} from "./format.js";

const MOST_SERIES = 8;

/** Bars of the last seconds before pale ones of everything since the start. */
export class HistogramChart {
  #format;
  #figures = new Map();
  element = h("div", {class: "histograms"});

  /** format: of base units. */
  constructor(format) {
    this.#format = format;
  }

  /** rows: [{key, total: slots since start, recent: slots of the last seconds}]; edges: of the slots. */
  update(rows, edges) {
    const shown = [...rows].sort((a, b) => sum(b.total) - sum(a.total)).slice(0, MOST_SERIES);
    const [from, to] = extent(shown.map(row => row.total), edges.length - 1);
    for (const {key} of shown) {
      if (!this.#figures.has(key)) {
        this.#figures.set(key, this.#figure(key, this.#figures.size));
      }
    }
    this.#figures.forEach((figure, key) => {
      const row = shown.find(r => r.key === key);
      figure.element.hidden = !row;
      if (row) this.#draw(figure, row, edges, from, to);
    });
  }

  #figure(key, index) {
    const series = `s${(index % MOST_SERIES) + 1}`;
    const name = h("span", {class: "name"}, h("i", {class: `swatch ${series}`}), h("span", {}, key));
    const counted = h("span", {class: "counted"});
    const quantiles = h("span", {class: "quantiles"}, h("span"), h("span"));
    const bars = h("div", {class: `bars ${series}`, role: "img"});
    const axis = h("div", {class: "axis", "aria-hidden": "true"});
    const element = h("figure", {"data-key": key}, h("figcaption", {}, name, counted, quantiles), bars, axis);
    this.element.append(element);
    return {element, counted, quantiles, bars, axis};
  }

  #draw(figure, row, edges, from, to) {
    const recent = sum(row.recent) > 0 ? row.recent : row.total;
    const most = Math.max(1, ...recent), mostTotal = Math.max(1, ...row.total);
    while (figure.bars.children.length < to - from) figure.bars.append(h("div", {}, h("s"), h("b")));
    while (figure.bars.children.length > to - from) figure.bars.lastChild.remove();
    [...figure.bars.children].forEach((bar, i) => {
      const k = from + i;
      bar.children[0].style.height = `${(100 * row.total[k]) / mostTotal}%`;
      bar.children[1].style.height = `${(100 * recent[k]) / most}%`;
      bar.dataset.count = row.total[k];
      bar.title = `${range(edges, k, this.#format)}: ${count(row.total[k])}`;
    });
    figure.counted.dataset.count = sum(row.total);
    figure.counted.dataset.from = from;
    setText(figure.counted, count(sum(row.total)));
    const [median, tail] = figure.quantiles.children;
    setText(median, `p50 ${bound(recent, edges, 0.5, this.#format)}`);
    setText(tail, `p99 ${bound(recent, edges, 0.99, this.#format)}`);
    const marks = [from, Math.round((from + to) / 2), to].map(k => (Number.isFinite(edges[k]) ? this.#format(edges[k]) : "∞"));
    if (figure.axis.dataset.marks !== marks.join()) {
      figure.axis.dataset.marks = marks.join();
      figure.axis.replaceChildren(...marks.map(mark => h("span", {}, mark)));
    }
    figure.bars.setAttribute("aria-label", `${short(sum(recent))} recent values, ${median.textContent}, ${tail.textContent}`);
  }
}
