// Records as they come: a tab for each stream, newest first, with filter, pause and export.
import {h, part, setAttribute, setText} from "./dom.js";
import {Filter} from "./filter.js";
import {clock, count, valueText} from "./format.js";
import {hash} from "./router.js";
import {DataTable} from "./table.js";

const ROWS = 200;
const RATE = 50;

export class StreamsView {
  title = "Streams";
  #socket;
  #names = [];
  #stream = null;
  #wanted = null;
  #shown = false;
  #subscription = null;
  #records = [];
  #numeric = new Map();
  #lost = 0;
  #skipped = 0;
  #held = 0;
  #paused = false;
  #filter = new Filter("");
  #drawing = false;
  #tabs = h("div", {class: "tabs", role: "tablist", "aria-label": "Streams", keydown: event => this.#arrow(event)});
  #input = h("input", {type: "search", placeholder: "route=2, delay_us>=1000", "aria-label": "Filter: field=value, also != < <= > >=, joined by commas; or a text", spellcheck: "false", autocomplete: "off", input: () => this.#filterBy()});
  #pause = h("button", {type: "button", "aria-pressed": "false", click: () => this.#togglePause()}, "Pause");
  #export = h("button", {type: "button", click: () => this.#download()}, "Export NDJSON");
  #table = new DataTable({label: "Records", key: record => record.sequence, empty: "Waiting for records.", className: "tall"});
  #panel = h("div", {role: "tabpanel", id: "records-panel"}, this.#table.element);
  #note = h("p", {class: "note", role: "status"});
  element;

  constructor(socket) {
    this.#socket = socket;
    this.element = h("div", {class: "view"},
      part("Streams", {id: "records", tools: [this.#tabs, h("div", {class: "tools"}, this.#input, this.#pause, this.#export)]}, this.#panel, this.#note));
  }

  enter(stream) {
    this.#shown = true;
    this.#wanted = stream ?? null;
    this.#choose();
  }

  leave() {
    this.#shown = false;
    this.#follow(null);
    this.#table.update([]);
  }

  draw({streams}) {
    const names = streams.map(s => s.name);
    if (names.join("\n") !== this.#names.join("\n")) {
      this.#names = names;
      this.#tabs.replaceChildren(...names.map(name => h("a", {
        href: hash("streams", name), role: "tab", id: `tab-${name}`, "aria-controls": "records-panel", "data-stream": name,
      }, name)));
      this.#choose();
    }
  }

  #choose() {
    const next = this.#names.includes(this.#wanted) ? this.#wanted : this.#names[0] ?? null;
    if (this.#shown) this.#follow(next);
    for (const tab of this.#tabs.children) {
      const here = tab.dataset.stream === next;
      setAttribute(tab, "aria-selected", String(here));
      setAttribute(tab, "tabindex", here ? "0" : "-1");
    }
    setAttribute(this.#panel, "aria-labelledby", next === null ? null : `tab-${next}`);
    this.#redraw();
  }

  /** Arrows move between tabs, as the pattern for tabs wants it; the space bar opens one as Enter does. */
  #arrow(event) {
    if (event.key === " ") {
      event.preventDefault();
      event.target.click();
    }
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!step || this.#names.length === 0) return;
    event.preventDefault();
    const at = [...this.#tabs.children].indexOf(event.target);
    const next = this.#tabs.children[(at + step + this.#names.length) % this.#names.length];
    this.#wanted = next.dataset.stream;
    history.replaceState(null, "", next.hash);
    this.#choose();
    next.focus();
  }

  #follow(stream) {
    if (stream === this.#stream) return;
    if (this.#subscription !== null) this.#socket.complete(this.#subscription);
    this.#stream = stream;
    this.#subscription = null;
    this.#records = [];
    this.#numeric.clear();
    this.#lost = this.#skipped = this.#held = 0;
    if (stream !== null) {
      this.#subscription = this.#socket.subscribe({stream, rate: RATE}, frame => this.#receive(frame));
    }
    this.#redraw();
  }

  #receive(frame) {
    if (frame.type === "lost") {
      this.#lost += frame.count;
    } else if (frame.records) {
      this.#skipped += frame.skipped ?? 0;
      if (this.#paused) {
        this.#held += frame.type === "next" ? frame.records.length : 0;
      } else {
        const before = frame.type === "snapshot" ? [] : this.#records;
        this.#records = [...frame.records.toReversed(), ...before].slice(0, ROWS);
        frame.records.forEach(record => this.#learn(record));
      }
    }
    this.#redraw();
  }

  /** A column for each field, in the order in which they are met. */
  #learn({value}) {
    for (const [name, field] of Object.entries(value)) {
      if (!this.#numeric.has(name)) this.#numeric.set(name, typeof field === "number");
    }
  }

  #filterBy() {
    this.#filter = new Filter(this.#input.value);
    this.#redraw();
  }

  #togglePause() {
    this.#paused = !this.#paused;
    this.#held = 0;
    this.#pause.setAttribute("aria-pressed", String(this.#paused));
    setText(this.#pause, this.#paused ? "Resume" : "Pause");
    this.#redraw();
  }

  #matching() {
    return this.#records.filter(record => this.#filter.test(record));
  }

  /** The shown records as a file: a line of JSON for each, oldest first. */
  #download() {
    const lines = this.#matching().toReversed().map(record => `${JSON.stringify(record)}\n`);
    const url = URL.createObjectURL(new Blob(lines, {type: "application/x-ndjson"}));
    h("a", {href: url, download: `${this.#stream}.ndjson`}).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  #redraw() {
    if (this.#drawing || !this.#shown) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#drawNow();
    });
  }

  #drawNow() {
    const problem = this.#filter.problem(this.#records);
    const empty = this.#names.length === 0 ? "No codelet set declares a stream." : this.#filter.empty ? "Waiting for records." : "No record matches the filter.";
    this.#table.columns([
      {title: "#", number: true, text: record => count(record.sequence)},
      {title: "time", text: record => clock(record.time)},
      ...[...this.#numeric].map(([name, number]) => ({title: name, number, text: record => valueText(record.value[name])})),
    ]);
    this.#table.update(this.#matching(), empty);
    setAttribute(this.#input, "aria-invalid", problem ? "true" : null);
    this.#export.disabled = this.#records.length === 0;
    setText(this.#note, [
      problem,
      this.#paused ? `Paused, ${count(this.#held)} newer not shown.` : "",
      this.#skipped > 0 ? `${count(this.#skipped)} skipped: more than ${RATE} a second come.` : "",
      this.#lost > 0 ? `${count(this.#lost)} lost: the connection was too slow for them.` : "",
    ].filter(Boolean).join(" "));
  }
}
