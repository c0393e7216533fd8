// The codelet sets, or one of them: its codelets, maps and streams.
import {Problem, request} from "./api.js";
import {h, part, setText} from "./dom.js";
import {bytes, count, dateTime} from "./format.js";
import {stateOf} from "./overview.js";
import {drawCrumbs, hash} from "./router.js";
import {runBound} from "./runtimes.js";
import {SetActions} from "./setactions.js";
import {SetForm} from "./setform.js";
import {DataTable, drawLink} from "./table.js";

const INTERVAL = 3000;

export class SetsView {
  title = "Codelet sets";
  #name = null;
  #timer = 0;
  #sets = new DataTable({label: "Codelet sets", key: s => s.name, empty: "No codelet set is loaded.", columns: setColumns()});
  #codelets = new DataTable({label: "Codelets", key: c => c.name, empty: "It has no codelets.", columns: codeletColumns(() => this.#name)});
  #maps = new DataTable({label: "Maps", key: m => m.path, empty: "It has no maps.", columns: mapColumns()});
  #streams = new DataTable({label: "Streams", key: s => s.name, empty: "It declares no streams.", columns: streamColumns()});
  #note = h("p", {class: "note", role: "status"});
  #form = new SetForm();
  #actions = new SetActions();
  #heading = h("h2", {class: "crumbs"});
  #all;
  #one;
  element = h("div", {class: "view"});

  constructor() {
    this.#all = h("div", {class: "view"}, part("Codelet sets", {id: "sets"}, this.#sets.element), part("Load a set", {id: "load"}, this.#form.element));
    this.#one = h("div", {class: "view"}, this.#heading,
      part("Codelets", {id: "codelets"}, this.#codelets.element, this.#note),
      h("div", {class: "grid"},
        part("Maps", {id: "maps", wide: "wide-8"}, this.#maps.element),
        h("div", {class: "wide-4 stack"}, part("Streams", {id: "set-streams"}, this.#streams.element), this.#actions.element)));
  }

  enter(name = null) {
    this.#name = name || null;
    this.title = name || "Codelet sets";
    this.element.replaceChildren(this.#name === null ? this.#all : this.#one);
    if (this.#name === null) {
      this.#form.reset();
    } else {
      drawCrumbs(this.#heading, this.#name);
      this.#actions.enter();
      this.#maps.update([]);
      this.#ask();
      this.#timer = setInterval(() => this.#ask(), INTERVAL);
    }
  }

  leave() {
    clearInterval(this.#timer);
  }

  draw(overview) {
    if (this.#name === null) {
      this.#sets.update(overview.sets);
      return;
    }
    const set = overview.sets.find(s => s.name === this.#name);
    this.#codelets.update(set?.codelets ?? [], set ? "It has no codelets." : `No set ${this.#name} is loaded.`);
    this.#streams.update(set?.streams ?? []);
    this.#actions.draw(set ?? null);
    setText(this.#note, set ? `${stateOf(set)}, loaded ${dateTime(Date.parse(set.loaded_at))}, scope ${set.scope}, digest ${set.digest.slice(0, 16)}` : "");
  }

  async #ask() {
    const asked = this.#name;
    try {
      const maps = await request("/api/v1/maps");
      if (asked === this.#name) this.#maps.update(maps.filter(map => map.codelet_set === asked));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
    }
  }
}

function setColumns() {
  return [
    {title: "Set", head: true, draw: (cell, s) => drawLink(cell, hash("sets", s.name), s.name), by: s => s.name},
    {title: "State", text: s => stateOf(s), by: s => stateOf(s), tone: s => (stateOf(s) === "attached" ? "good" : "warn")},
    {title: "Loaded", text: s => dateTime(Date.parse(s.loaded_at)), by: s => s.loaded_at},
    {title: "Programs", number: true, text: s => s.codelets.length, by: s => s.codelets.length},
    {title: "Maps", number: true, text: s => s.maps.length, by: s => s.maps.length},
    {title: "Streams", text: s => s.streams.map(stream => stream.name).join(", ")},
    {title: "Scope", text: s => s.scope, tone: () => "faint"},
    {title: "Digest", text: s => s.digest.slice(0, 16), tone: () => "mono faint"},
  ];
}

function codeletColumns(set) {
  return [
    {title: "Codelet", head: true, draw: (cell, c) => drawLink(cell, hash("codelet", set(), c.name), c.name), by: c => c.name},
    {title: "Hook", text: c => c.hook, tone: () => "mono", by: c => c.hook},
    {title: "Runs as", text: c => `${c.execution} · ${c.executor}`, tone: () => "faint"},
    {title: "State", text: c => (c.detached ? `${c.state}: ${c.detached.text}` : c.state), tone: c => (c.detached ? "warn" : "good"), by: c => c.state},
    {title: "Runs", number: true, text: c => count(c.runs), by: c => c.runs},
    {title: "Failed", number: true, text: c => count(c.errors), by: c => c.errors, tone: c => (c.errors ? "warn" : "faint")},
    {title: "p50", number: true, text: c => runBound(c.run_times, 0.5)},
    {title: "p99", number: true, text: c => runBound(c.run_times, 0.99)},
    {title: "Last error", text: c => c.last_error ?? "", tone: () => "faint"},
  ];
}

function mapColumns() {
  return [
    {title: "Map", head: true, draw: (cell, m) => drawLink(cell, hash("map", ...m.path.split("/")), m.path.slice(m.codelet_set.length + 1)), by: m => m.path},
    {title: "Type", text: m => m.type, by: m => m.type, tone: () => "faint"},
    {title: "Key", number: true, text: m => count(m.bytes_key), by: m => m.bytes_key, hint: "bytes"},
    {title: "Value", number: true, text: m => count(m.bytes_value), by: m => m.bytes_value, hint: "bytes"},
    {title: "Entries", number: true, text: m => count(m.entries), by: m => m.entries},
    {title: "At most", number: true, text: m => count(m.max_entries), by: m => m.max_entries},
    {title: "Memory", number: true, text: m => bytes(m.bytes_memlock), by: m => m.bytes_memlock},
  ];
}

function streamColumns() {
  return [
    {title: "Stream", head: true, draw: (cell, s) => drawLink(cell, hash("streams", s.name), s.name), by: s => s.name},
    {title: "Map", text: s => s.map, tone: () => "faint"},
    {title: "To", text: s => (s.connectors.length ? s.connectors.join(", ") : "every connector")},
  ];
}
