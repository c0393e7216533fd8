// The table of records as they come: one stream at a time, newest first, with pause and filter.
import {h, setText} from "./dom.js";
import {clock, count} from "./format.js";

const ROWS = 200;
const RATE = 50;

export class RecordsPanel {
  #socket;
  #section;
  #subscription = null;
  #stream = null;
  #records = [];
  #columns = [];
  #lost = 0;
  #held = 0;
  #paused = false;
  #filter = "";
  #drawing = false;

  constructor(section, socket) {
    this.#section = section;
    this.#socket = socket;
    const button = section.querySelector("button");
    button.addEventListener("click", () => {
      this.#paused = !this.#paused;
      this.#held = 0;
      button.setAttribute("aria-pressed", String(this.#paused));
      setText(button, this.#paused ? "Resume" : "Pause");
      this.#draw();
    });
    section.querySelector("input").addEventListener("input", event => {
      this.#filter = event.target.value.trim().toLowerCase();
      this.#draw();
    });
  }

  /** Shows a tab for each stream; the first is followed until another is chosen. */
  streams(streams) {
    this.#section.hidden = streams.length === 0;
    const tabs = this.#section.querySelector(".tabs");
    const names = streams.map(s => s.name);
    if ([...tabs.children].map(tab => tab.dataset.stream).join() !== names.join()) {
      tabs.replaceChildren(...names.map(name =>
        h("button", {type: "button", role: "tab", "data-stream": name, click: () => this.#follow(name)}, name)));
      if (!names.includes(this.#stream) && names.length > 0) this.#follow(names[0]);
      this.#markTab();
    }
  }

  #follow(stream) {
    if (stream === this.#stream) return;
    if (this.#subscription !== null) this.#socket.complete(this.#subscription);
    this.#stream = stream;
    this.#clear();
    this.#subscription = this.#socket.subscribe({stream, rate: RATE}, frame => this.#receive(frame));
    this.#markTab();
  }

  #markTab() {
    for (const tab of this.#section.querySelectorAll("[role=tab]")) {
      tab.setAttribute("aria-selected", String(tab.dataset.stream === this.#stream));
    }
  }

  #clear() {
    this.#records = [];
    this.#columns = [];
    this.#lost = 0;
    this.#draw();
  }

  #receive(frame) {
    if (frame.type === "lost") {
      this.#lost += frame.count;
    } else if (frame.records) {
      if (frame.type === "snapshot") this.#records = [];
      this.#lost += frame.skipped ?? 0;
      if (this.#paused && frame.type === "next") {
        this.#held += frame.records.length;
      } else {
        this.#records = [...frame.records.toReversed(), ...this.#records].slice(0, ROWS);
        this.#columns = columnsOf(this.#records, this.#columns);
      }
    }
    this.#draw();
  }

  #draw() {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#drawNow();
    });
  }

  #drawNow() {
    const shown = this.#records.filter(record => matches(record, this.#filter));
    const head = this.#section.querySelector("thead");
    const titles = ["#", "time", ...this.#columns];
    if (head.dataset.titles !== titles.join("\n")) {
      head.dataset.titles = titles.join("\n");
      head.replaceChildren(h("tr", {}, ...titles.map((title, i) => h("th", {class: this.#numeric(i) ? "number" : null}, title))));
    }
    this.#section.querySelector("tbody").replaceChildren(...shown.map(record => this.#row(record)));
    this.#section.querySelector(".empty").hidden = shown.length > 0;
    setText(this.#section.querySelector(".empty"), this.#filter ? "No record matches the filter." : "Waiting for records.");
    setText(this.#section.querySelector(".note"), [
      this.#paused ? `paused, ${count(this.#held)} newer not shown` : "",
      this.#lost > 0 ? `${count(this.#lost)} not shown: more came than this page takes` : "",
    ].filter(Boolean).join("; "));
  }

  #numeric(column) {
    return column !== 1 && (column === 0 || typeof this.#records[0]?.value[this.#columns[column - 2]] === "number");
  }

  #row(record) {
    const cells = [count(record.sequence), clock(record.time), ...this.#columns.map(name => cellText(record.value[name]))];
    return h("tr", {"data-sequence": record.sequence}, ...cells.map((text, i) => h("td", {class: this.#numeric(i) ? "number" : null}, text)));
  }
}

function columnsOf(records, known) {
  const columns = [...known];
  for (const record of records) {
    for (const name of Object.keys(record.value)) {
      if (!columns.includes(name)) columns.push(name);
    }
  }
  return columns;
}

function cellText(value) {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** "field=value" compares one field; anything else is searched in all of them. */
function matches(record, filter) {
  if (!filter) return true;
  const [name, wanted] = filter.split("=", 2);
  if (wanted !== undefined && name.trim() in record.value) {
    return cellText(record.value[name.trim()]).toLowerCase() === wanted.trim();
  }
  return Object.entries(record.value).some(([key, value]) => `${key}=${cellText(value)}`.toLowerCase().includes(filter));
}
