// Tables that stay in step with a list: rows and cells live on, so that focus and selections do.
import {freshId, h, setAttribute, setText} from "./dom.js";
import {count} from "./format.js";

/**
 * A table in a box that scrolls when it is too wide or too long.
 *
 * A column is {title, text: item => text} or {title, draw: (cell, item) => void}, and may have number: true, head: true for
 * the cell that names the row, tone: item => class name, by: item => what to sort by, hint: text.
 */
export class DataTable {
  #columns = [];
  #key;
  #most;
  #empty;
  #items = [];
  #order = null;
  #rows = new Map();
  #head = h("thead");
  #body = h("tbody");
  #table;
  #note = h("p", {class: "note", hidden: true});
  #nothing;
  element;

  constructor({label, columns = [], key, empty, most = 500, className = ""}) {
    this.#key = key;
    this.#most = most;
    this.#empty = empty;
    this.#nothing = h("p", {class: "empty"}, empty);
    this.#table = h("table", {"aria-label": label, hidden: true}, this.#head, this.#body);
    const box = h("div", {class: "scroll", tabindex: 0, role: "group", "aria-label": label, id: freshId("table")}, this.#table);
    this.element = h("div", {class: `card table-card ${className}`.trim()}, box, this.#nothing, this.#note);
    this.columns(columns);
  }

  /** Shows other columns. */
  columns(columns) {
    if (columns.map(c => c.title).join("\n") === this.#columns.map(c => c.title).join("\n")) return;
    this.#columns = columns;
    this.#order = null;
    this.#rows.clear();
    this.#body.replaceChildren();
    this.#head.replaceChildren(h("tr", {}, ...columns.map((column, i) => this.#title(column, i))));
    this.#fill();
  }

  /** Shows other items. */
  update(items, empty = this.#empty) {
    this.#items = items;
    setText(this.#nothing, empty);
    this.#fill();
  }

  #title(column, i) {
    const content = column.by
      ? h("button", {type: "button", class: "sort", click: () => this.#sort(i)}, column.title)
      : column.title;
    return h("th", {scope: "col", class: column.number ? "number" : null, title: column.hint}, content);
  }

  /** Names rise first, numbers fall first; a third time it is as it came. */
  #sort(i) {
    const before = this.#order;
    const falling = this.#columns[i].number && !this.#columns[i].head ? 1 : -1;
    if (before?.column !== i) {
      this.#order = {column: i, sign: -falling};
    } else {
      this.#order = before.sign === -falling ? {column: i, sign: falling} : null;
    }
    [...this.#head.rows[0].cells].forEach((cell, c) =>
      setAttribute(cell, "aria-sort", this.#order?.column === c ? (this.#order.sign > 0 ? "ascending" : "descending") : null));
    this.#fill();
  }

  #sorted() {
    if (!this.#order) return this.#items;
    const {column, sign} = this.#order;
    const by = this.#columns[column].by;
    return this.#items.toSorted((a, b) => sign * compare(by(a), by(b)));
  }

  #fill() {
    const shown = this.#sorted().slice(0, this.#most);
    const gone = new Set(this.#rows.keys());
    shown.forEach((item, position) => {
      const id = String(this.#key(item));
      gone.delete(id);
      const row = this.#row(id);
      this.#columns.forEach((column, i) => this.#cell(row.cells[i], column, item));
      if (this.#body.rows[position] !== row) this.#body.insertBefore(row, this.#body.rows[position] ?? null);
    });
    for (const id of gone) {
      this.#rows.get(id).remove();
      this.#rows.delete(id);
    }
    this.#table.hidden = shown.length === 0;
    this.#nothing.hidden = shown.length > 0;
    this.#note.hidden = shown.length === this.#items.length;
    if (!this.#note.hidden) setText(this.#note, `${count(shown.length)} of ${count(this.#items.length)} rows are shown`);
  }

  #row(id) {
    if (!this.#rows.has(id)) {
      this.#rows.set(id, h("tr", {"data-key": id}, ...this.#columns.map(c => (c.head ? h("th", {scope: "row"}) : h("td")))));
    }
    return this.#rows.get(id);
  }

  #cell(cell, column, item) {
    setAttribute(cell, "class", [column.number ? "number" : "", column.tone?.(item) ?? ""].join(" ").trim() || null);
    if (column.draw) {
      column.draw(cell, item);
    } else {
      setText(cell, column.text(item));
    }
  }
}

/** Numbers by value, also those in digits; anything else as text. */
export function compare(a, b) {
  const [x, y] = [Number(a), Number(b)];
  return a !== "" && b !== "" && !Number.isNaN(x) && !Number.isNaN(y) ? x - y : String(a).localeCompare(String(b));
}

/** A cell's link, made once and kept. */
export function drawLink(cell, href, text, before = "") {
  if (!cell.firstChild) {
    cell.append(h("span", {class: "faint"}), h("a"));
  }
  const [prefix, link] = cell.children;
  setText(prefix, before);
  setText(link, text);
  setAttribute(link, "href", href);
}
