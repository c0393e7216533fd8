// The panels of all declared metrics, each fed by the subscription of its map while they are shown.
import {h, part} from "./dom.js";
import {panelOf} from "./metrics.js";

const INTERVAL = 1000;
/** The server takes 64 subscriptions of a socket; the others are for what else a view shows. */
const MOST_MAPS = 48;

export class MetricPanels {
  #socket;
  #panels = new Map();
  #maps = new Map();
  #shown = false;
  #grid = h("div", {class: "panels"});
  element;

  constructor(socket) {
    this.#socket = socket;
    this.element = part("Metrics", {id: "metrics"}, this.#grid);
    this.element.hidden = true;
  }

  enter() {
    this.#shown = true;
    this.#panels.forEach(({map}) => this.#follow(map));
  }

  leave() {
    this.#shown = false;
    this.#maps.forEach(id => this.#socket.complete(id));
    this.#maps.clear();
    this.#panels.forEach(({panel}) => panel.pause());
  }

  /** The metrics that are declared now: histograms first, and in the order of the descriptors. */
  metrics(metrics) {
    this.element.hidden = metrics.length === 0;
    for (const metric of [...metrics].sort((a, b) => (b.type === "histogram") - (a.type === "histogram"))) {
      const form = JSON.stringify(metric);
      const known = this.#panels.get(metric.name);
      if (known?.form !== form) {
        known?.panel.destroy();
        const panel = panelOf(metric);
        this.#panels.set(metric.name, {panel, map: metric.map, form});
        if (known) {
          known.panel.element.replaceWith(panel.element);
        } else {
          this.#place(panel.element, metric.type);
        }
        if (this.#shown) this.#follow(metric.map);
      }
    }
    this.#forget(new Set(metrics.map(metric => metric.name)));
  }

  #place(element, type) {
    const firstLine = this.#grid.querySelector(".panel:not(.histogram)");
    this.#grid.insertBefore(element, type === "histogram" ? firstLine : null);
  }

  #forget(names) {
    this.#panels.forEach(({panel}, name) => {
      if (!names.has(name)) {
        panel.destroy();
        panel.element.remove();
        this.#panels.delete(name);
      }
    });
    const used = new Set([...this.#panels.values()].map(({map}) => map));
    this.#maps.forEach((id, map) => {
      if (!used.has(map)) {
        this.#socket.complete(id);
        this.#maps.delete(map);
      }
    });
  }

  #follow(map) {
    if (this.#maps.has(map) || this.#maps.size >= MOST_MAPS) return;
    const update = frame => frame.entries && this.#panels.forEach(p => p.map === map && p.panel.update(frame));
    this.#maps.set(map, this.#socket.subscribe({map, interval_ms: INTERVAL}, update));
  }
}
