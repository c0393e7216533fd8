// One map as a table of its types, as it is now.
import {Problem, path, request} from "./api.js";
import {h, setText} from "./dom.js";
import {bytes, count, valueText} from "./format.js";
import {drawCrumbs} from "./router.js";
import {DataTable} from "./table.js";

const INTERVAL = 1000;
const MOST = 1000;

export class MapView {
  title = "Map";
  #socket;
  #subscription = null;
  #path = "";
  #table = null;
  #heading = h("h2");
  #facts = h("p", {class: "note"});
  #note = h("p", {class: "note", role: "status"});
  #place = h("div");
  element;

  constructor(socket) {
    this.#socket = socket;
    this.element = h("div", {class: "view"}, h("section", {id: "map", class: "part", "aria-label": "Map"},
      h("div", {class: "heading"}, this.#heading), this.#place, this.#note, this.#facts));
  }

  enter(...parts) {
    this.#path = parts.join("/");
    this.title = this.#path;
    drawCrumbs(this.#heading, parts[0] ?? "", ...parts.slice(1));
    this.#table = new DataTable({
      label: `Entries of ${this.#path}`, key: entry => JSON.stringify(entry.key), empty: "The map has no entries.", most: MOST, className: "tall",
    });
    this.#place.replaceChildren(this.#table.element);
    setText(this.#note, "");
    setText(this.#facts, "");
    this.#subscription = this.#socket.subscribe({map: this.#path, interval_ms: INTERVAL}, frame => this.#receive(frame));
    this.#ask();
  }

  leave() {
    this.#socket.complete(this.#subscription);
  }

  draw() {}

  async #ask() {
    const asked = this.#path;
    try {
      const map = await request(path("maps", ...asked.split("/")));
      if (asked !== this.#path) return;
      const flags = [map.frozen ? "frozen" : "", map.copies > 1 ? `${map.copies} copies, added up` : ""].filter(Boolean);
      setText(this.#facts, [
        map.type, `key ${count(map.bytes_key)} bytes`, `value ${count(map.bytes_value)} bytes`,
        `at most ${count(map.max_entries)} entries`, `${bytes(map.bytes_memlock)} of memory`, ...flags,
      ].join(" · "));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      setText(this.#facts, problem.message);
    }
  }

  #receive(frame) {
    if (frame.type === "error") {
      setText(this.#note, frame.message);
    } else if (frame.entries) {
      this.#table.columns(columnsOf(frame.entries));
      this.#table.update(frame.entries);
      const all = frame.entries.length + (frame.truncated ?? 0);
      setText(this.#note, frame.truncated
        ? `${count(frame.entries.length)} of ${count(all)} entries are shown; vertebra map dump ${this.#path} prints all.`
        : `${count(all)} ${all === 1 ? "entry" : "entries"}`);
    }
  }
}

/** A column for each member of key and value; one for what is no struct. */
function columnsOf(entries) {
  const columns = new Map();
  const add = (title, of) => {
    if (!columns.has(title)) columns.set(title, of);
  };
  for (const entry of entries.slice(0, 50)) {
    for (const side of ["key", "value"]) {
      const value = entry[side];
      if (isStruct(value)) {
        Object.keys(value).forEach(name => add(side === "key" ? `key ${name}` : name, e => e[side]?.[name]));
      } else {
        add(side, e => e[side]);
      }
    }
    Object.keys(entry.labels ?? {}).forEach(name => add(`label ${name}`, e => e.labels?.[name]));
  }
  return [...columns].map(([title, of]) => ({
    title, head: title === "key" || title.startsWith("key "), number: entries.slice(0, 50).every(e => typeof of(e) === "number"),
    text: e => cellText(of(e)), by: e => sortKey(of(e)),
  }));
}

function isStruct(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Of many numbers only those that are not zero: "12: 40, 13: 2". */
function cellText(value) {
  if (Array.isArray(value) && value.length > 8 && value.every(n => typeof n === "number")) {
    return value.map((n, i) => (n === 0 ? "" : `${i}: ${count(n)}`)).filter(Boolean).join(", ") || "all zero";
  }
  return valueText(value);
}

function sortKey(value) {
  return Array.isArray(value) && value.every(n => typeof n === "number") ? value.reduce((a, b) => a + b, 0) : valueText(value);
}
