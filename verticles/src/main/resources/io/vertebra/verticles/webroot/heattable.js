// A heat map's numbers as a table, for those who cannot see it or want to copy them. Made only while it is open.
import {extent, range, sum} from "./buckets.js";
import {h} from "./dom.js";
import {wall} from "./format.js";

/** Newest row first: a time, and how many values each bucket got until then. */
export class HeatTable {
  #head = h("thead");
  #body = h("tbody");
  #again = () => {};
  #shown = "";
  element = h("details", {class: "numbers", toggle: () => this.#again(true)}, h("summary", {}, "Numbers"),
    h("div", {class: "scroll", tabindex: 0, role: "group", "aria-label": "Numbers of the heat map"}, h("table", {}, this.#head, this.#body)));

  update(columns, edges, slots, format, anew = false) {
    this.#again = all => this.#draw(columns, edges, slots, format, all);
    this.#draw(columns, edges, slots, format, anew);
  }

  #draw(columns, edges, slots, format, anew) {
    if (!this.element.open || !edges) return;
    const [low, high] = extent(columns.map(column => column.all), edges.length - 1);
    if (anew || this.#shown !== `${low} ${high}`) {
      this.#shown = `${low} ${high}`;
      this.#body.replaceChildren();
      const titles = ["until", ...edges.slice(low, high).map((_, i) => range(edges, low + i, format)), "all"];
      this.#head.replaceChildren(h("tr", {}, ...titles.map((title, i) => h("th", {scope: "col", class: i ? "number" : null}, title))));
    }
    const known = new Set([...this.#body.rows].map(row => Number(row.dataset.to)));
    for (const column of columns) {
      if (!known.has(column.to)) this.#body.prepend(this.#row(column, slots(column).slice(low, high)));
    }
    while (this.#body.rows.length > columns.length) this.#body.lastChild.remove();
  }

  #row(column, values) {
    return h("tr", {"data-to": column.to}, h("th", {scope: "row"}, wall(column.to)),
      ...[...values, sum(values)].map(n => h("td", {class: "number"}, n)));
  }
}
