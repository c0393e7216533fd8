// The first view: what is attached, how much happens, what is lost and why, where records go, and all metrics.
import {h, part, setText} from "./dom.js";
import {count, moment, short} from "./format.js";
import {MetricPanels} from "./panels.js";
import {runBound, share} from "./runtimes.js";
import {drawSpark, Histories} from "./spark.js";
import {DataTable, drawLink} from "./table.js";
import {lossesOf, outputColumns, outputRows, quiet, total, unwanted} from "./outputs.js";
import {hash} from "./router.js";

export class OverviewView {
  title = "Overview";
  #histories = new Histories();
  #before = null;
  #now = null;
  #panels;
  #tiles = h("dl", {class: "tiles", "aria-label": "Totals"});
  #hooks = new DataTable({label: "Hooks and what is attached", key: a => a.key, empty: "No codelet is attached.", columns: this.#hookColumns()});
  #free = h("details", {class: "note-details"}, h("summary"), h("ul"));
  #sets = new DataTable({label: "Codelet sets", key: s => s.name, empty: "No codelet set is loaded.", columns: setColumns()});
  #losses = new DataTable({label: "Drops by cause", key: l => l.key, empty: "Nothing was dropped since the start.", columns: lossColumns()});
  #outputs = new DataTable({label: "Where records go", key: o => `${o.stream}/${o.connector}`, empty: "No stream is declared.", columns: outputColumns()});
  element;

  constructor(socket) {
    this.#panels = new MetricPanels(socket);
    this.element = h("div", {class: "view"}, this.#tiles,
      h("div", {class: "top"},
        part("Hooks and codelets", {id: "attached"}, this.#hooks.element, this.#free),
        part("Codelet sets", {id: "loaded"}, this.#sets.element),
        part("Drops by cause", {id: "losses"}, this.#losses.element),
        part("Where records go", {id: "outputs"}, this.#outputs.element)),
      this.#panels.element);
  }

  enter() {
    this.#panels.enter();
  }

  leave() {
    this.#panels.leave();
  }

  /** Each overview, also while another view is shown, so that histories go on. */
  follow(overview) {
    const rows = rowsOf(overview);
    const losses = lossesOf(overview, this.#before);
    this.#before = {time: overview.time, losses: new Map(losses.map(l => [l.key, l.count]))};
    const figures = figuresOf(overview, rows, losses);
    figures.forEach(f => f.history === undefined || this.#histories.push(`tile ${f.name}`, f.history));
    rows.forEach(row => this.#histories.push(row.key, row.rate));
    this.#histories.settle();
    this.#panels.metrics(overview.metrics);
    this.#now = {rows, losses, figures};
  }

  draw(overview) {
    const {rows, losses, figures} = this.#now;
    this.#drawTiles(figures);
    this.#hooks.update(rows);
    this.#drawFree(overview.hooks.filter(hook => hook.codelets.length === 0));
    this.#sets.update(overview.sets);
    this.#losses.update(losses);
    this.#outputs.update(outputRows(overview));
  }

  #drawTiles(figures) {
    if (!this.#tiles.children.length) {
      this.#tiles.append(...figures.map(({name}) => h("div", {class: "tile card"}, h("dt", {}, name), h("dd", {}, h("b"), h("small")), h("div", {class: "trend"}))));
    }
    figures.forEach((figure, i) => {
      const [, value, trend] = this.#tiles.children[i].children;
      setText(value.children[0], figure.value);
      setText(value.children[1], figure.note);
      value.children[0].className = figure.tone ?? "";
      if (figure.history !== undefined) drawSpark(trend, this.#histories.get(`tile ${figure.name}`));
    });
  }

  #drawFree(hooks) {
    const [summary, list] = this.#free.children;
    this.#free.hidden = hooks.length === 0;
    setText(summary, `${count(hooks.length)} ${hooks.length === 1 ? "hook" : "hooks"} with nothing attached`);
    const names = hooks.map(hook => hook.name).join();
    if (list.dataset.names !== names) {
      list.dataset.names = names;
      list.replaceChildren(...hooks.map(hook => h("li", {}, h("code", {}, hook.name), h("span", {class: "faint"}, ` ${hook.declared_by}`))));
    }
  }

  #hookColumns() {
    return [
      {title: "Hook", head: true, text: a => a.hook, by: a => a.hook, tone: a => (a.control ? "mono control" : "mono")},
      {title: "Codelet", draw: (cell, a) => drawLink(cell, hash("codelet", a.codelet_set, a.codelet), a.codelet, `${a.codelet_set}/`), by: a => `${a.codelet_set}/${a.codelet}`},
      {title: "Runs as", text: a => `${a.execution} · ${a.executor}`, tone: () => "faint"},
      {title: "Fired/s", number: true, text: a => short(a.rate), by: a => a.rate},
      {title: "", draw: (cell, a) => drawSpark(cell, this.#histories.get(a.key)), tone: () => "trend"},
      {title: "p50", number: true, text: a => runBound(a.run_times, 0.5), hint: "Time of a run: an upper bound, of those that were timed since the load"},
      {title: "p99", number: true, text: a => runBound(a.run_times, 0.99), hint: "Time of a run: an upper bound, of those that were timed since the load"},
      {title: "Runs", number: true, text: a => count(a.ok + a.failed), by: a => a.ok + a.failed},
      {title: "Failed", number: true, text: a => count(a.failed), by: a => a.failed, tone: a => (a.failed ? "warn" : "faint")},
      {title: "Dropped", number: true, text: a => count(total(a.dropped)), by: a => total(a.dropped), tone: a => (unwanted(a.dropped) ? "warn" : "faint")},
      {title: "Waiting", number: true, text: a => count(a.waiting), by: a => a.waiting, tone: a => quiet(a.waiting)},
    ];
  }
}

/** The attachments, those of one hook together, with what is known of their codelets. */
function rowsOf({attachments, hooks, sets}) {
  const control = new Set(hooks.filter(hook => hook.control).map(hook => hook.name));
  const codelets = new Map(sets.flatMap(set => set.codelets.map(c => [`${set.name}/${c.name}`, c])));
  return attachments
    .map(a => {
      const codelet = codelets.get(`${a.codelet_set}/${a.codelet}`);
      return {
        ...a, key: `${a.execution}/${a.codelet_set}/${a.codelet}/${a.hook}`, control: control.has(a.hook),
        executor: codelet?.executor ?? "gone", run_times: codelet?.run_times ?? {samples: 0, histogram: []},
      };
    })
    .sort((a, b) => a.hook.localeCompare(b.hook));
}

function figuresOf({hooks, sets, outputs}, rows, losses) {
  const sum = (items, of) => items.reduce((all, item) => all + of(item), 0);
  const events = sum(rows, a => a.rate);
  const records = sum(outputs.filter(o => o.connector === "output"), o => o.rate);
  const cores = sum(rows, a => share(a.run_times, a.rate));
  const dropped = sum(losses.filter(l => !l.wanted), l => l.count);
  const dropping = sum(losses.filter(l => !l.wanted), l => l.rate);
  const attached = hooks.filter(hook => hook.codelets.length > 0).length;
  return [
    {name: "Events/s", value: short(events), note: `${count(sum(rows, a => a.ok + a.failed))} runs`, history: events},
    {name: "Records/s", value: short(records), note: `${count(sum(outputs.filter(o => o.connector === "output"), o => o.emitted))} emitted`, history: records},
    {name: "Dropped", value: count(dropped), note: `${short(dropping)}/s`, history: dropping, tone: dropped > 0 ? "warn" : ""},
    {name: "Time in codelets", value: `${(cores * 100).toFixed(cores < 0.1 ? 2 : 0)}%`, note: "of one core", history: cores},
    {name: "Attached", value: count(rows.length), note: `codelets of ${count(sets.length)} sets, on ${count(attached)} of ${count(hooks.length)} hooks`},
  ];
}

function setColumns() {
  return [
    {title: "Set", head: true, draw: (cell, s) => drawLink(cell, hash("sets", s.name), s.name), by: s => s.name},
    {title: "State", text: s => stateOf(s), by: s => stateOf(s), tone: s => (stateOf(s) === "attached" ? "good" : "warn")},
    {title: "Loaded", text: s => moment(Date.parse(s.loaded_at)), tone: () => "faint", by: s => s.loaded_at},
    {title: "Programs", number: true, text: s => s.codelets.length, by: s => s.codelets.length},
    {title: "Maps", number: true, text: s => s.maps.length, by: s => s.maps.length},
  ];
}

/** A set's state, and how many of its codelets a limit has detached. */
export function stateOf(set) {
  const detached = set.codelets.filter(codelet => codelet.state === "detached").length;
  return detached === 0 ? set.state : `${set.state}, ${detached} of ${set.codelets.length} detached`;
}

function lossColumns() {
  return [
    {title: "Cause", head: true, text: l => l.cause, by: l => l.cause, tone: l => (l.wanted ? "mono faint" : "mono")},
    {title: "Dropped", number: true, text: l => count(l.count), by: l => l.count, tone: l => (l.wanted ? "" : "warn")},
    {title: "Per second", number: true, text: l => short(l.rate), by: l => l.rate, tone: l => quiet(l.rate)},
    {title: "Where", text: l => l.where, by: l => l.where},
  ];
}
