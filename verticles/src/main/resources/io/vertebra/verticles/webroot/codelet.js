// One codelet: how it runs, its source or instructions, what was proved of it, and what it uses.
import {path, request} from "./api.js";
import {HistogramChart} from "./bars.js";
import {added, bound, sum} from "./buckets.js";
import {listing} from "./code.js";
import {h, part, setText} from "./dom.js";
import {count, nanos, seconds, short} from "./format.js";
import {HeatMap} from "./heatmap.js";
import {LineChart} from "./lines.js";
import {drawCrumbs, hash} from "./router.js";
import {RUN_EDGES, share, slotsOf} from "./runtimes.js";

const WINDOW_MILLIS = 60_000;
const FEW_SAMPLES = 20;

export class CodeletView {
  title = "Codelet";
  #set;
  #name;
  #asked = null;
  #history = [];
  #heat = null;
  #bars = null;
  #lines = null;
  #heading = h("h2", {class: "crumbs"});
  #facts = h("dl", {class: "tiles", "aria-label": "Run statistics"});
  #problem = h("p", {class: "card empty", role: "status", hidden: true});
  #moving = h("div", {class: "grid even"});
  #still = h("div", {class: "grid"});
  element;

  constructor() {
    this.element = h("div", {class: "view"}, this.#heading, this.#facts, this.#problem, this.#moving, this.#still);
  }

  enter(set = "", name = "") {
    this.#set = set;
    this.#name = name;
    this.title = `${set}/${name}`;
    drawCrumbs(this.#heading, set, name);
    this.#asked = null;
    this.#history = [];
    this.#heat = new HeatMap("time of a run", seconds);
    this.#bars = new HistogramChart(seconds);
    this.#lines = new LineChart(short, 84);
    this.#facts.replaceChildren();
    this.#still.replaceChildren();
    this.#moving.replaceChildren(
      part("Time of a run, of those that are timed", {wide: "wide-8"}, h("div", {class: "card panel"}, this.#heat.element)),
      part("Runs per second, and all timed runs", {wide: "wide-4"}, h("div", {class: "card panel"}, this.#lines.element, this.#bars.element)));
    this.#moving.hidden = this.#still.hidden = this.#facts.hidden = true;
  }

  leave() {
    this.#heat.destroy();
    this.#lines.destroy();
  }

  draw(overview) {
    const set = overview.sets.find(s => s.name === this.#set);
    const codelet = set?.codelets.find(c => c.name === this.#name);
    this.#tell(codelet ? "" : `No codelet ${this.#name} of a set ${this.#set} is loaded.`);
    this.#facts.hidden = this.#moving.hidden = this.#still.hidden = !codelet;
    if (!codelet) return;
    const account = overview.attachments.find(a => a.codelet_set === this.#set && a.codelet === this.#name);
    this.#move(overview.time, codelet, account);
    if (this.#asked !== set.loaded_at) {
      this.#asked = set.loaded_at;
      this.#ask();
    }
  }

  #tell(problem) {
    this.#problem.hidden = problem === "";
    setText(this.#problem, problem);
  }

  #move(time, codelet, account) {
    const slots = slotsOf(codelet.run_times);
    const before = this.#history.at(-1);
    this.#history.push({time, slots});
    while (this.#history.length > 2 && this.#history[1].time <= time - WINDOW_MILLIS) this.#history.shift();
    if (before && time > before.time) this.#heat.push(before.time, time, RUN_EDGES, new Map([["runs", added(slots, before.slots)]]));
    const recent = added(slots, this.#history[0].slots);
    const rate = account?.rate ?? 0;
    this.#bars.update([{key: "runs", total: slots, recent}], RUN_EDGES);
    this.#lines.push(time / 1000, new Map([["runs/s", rate]]));
    const enough = sum(recent) >= FEW_SAMPLES;
    const of = enough ? recent : slots;
    const since = enough ? "last minute" : "since the load";
    this.#drawFacts([
      ["State", codelet.state === "attached" ? "attached" : codelet.detached.reason, codelet.detached?.text ?? codelet.hook, codelet.state === "attached" ? "" : "warn"],
      ["Runs/s", short(rate), `${count(codelet.runs)} runs, ${codelet.execution} · ${codelet.executor}`],
      ["p50", bound(of, RUN_EDGES, 0.5, seconds), since],
      ["p99", bound(of, RUN_EDGES, 0.99, seconds), since],
      ["Longest", codelet.run_times.samples ? nanos(codelet.run_times.longest_ns) : "-", `of ${count(codelet.run_times.samples)} timed`],
      ["Time", `${(share(codelet.run_times, rate) * 100).toFixed(2)}%`, "of one core"],
      ["Failed", count(codelet.errors), codelet.last_error ?? "since the load", codelet.errors ? "warn" : ""],
    ]);
  }

  #drawFacts(facts) {
    if (!this.#facts.children.length) {
      this.#facts.append(...facts.map(([name]) => h("div", {class: "tile card"}, h("dt", {}, name), h("dd", {}, h("b"), h("small")))));
    }
    facts.forEach(([, value, note, tone = ""], i) => {
      const [number, small] = this.#facts.children[i].lastChild.children;
      setText(number, value);
      setText(small, note);
      number.className = tone;
    });
  }

  async #ask() {
    const [set, name] = [this.#set, this.#name];
    try {
      const detail = await request(path("programs", set, name));
      if (set === this.#set && name === this.#name) this.#drawStill(detail);
    } catch (problem) {
      this.#still.replaceChildren(h("p", {class: "card empty"}, problem.message));
    }
  }

  #drawStill({program, report, maps, code}) {
    const shown = listing(code);
    this.#still.replaceChildren(
      part("Source", {id: "code", wide: "wide-8", tools: [shown.tools]}, shown.element),
      part("Verification report", {id: "report", wide: "wide-4"}, h("div", {class: "card"}, h("pre", {class: "report"}, report.text), reportFacts(program, report, maps))));
  }
}

function reportFacts(program, report, maps) {
  const set = program.codelet_set;
  const facts = [
    ["Steps", `at most ${count(report.max_steps)} a run`],
    ["Stack", `at most ${count(report.stack_bytes)} bytes`],
    ["Instructions", `${count(report.instructions)}, ${count(program.bytes_xlated)} bytes, tag ${program.tag}`],
    ["Explored", `${count(report.explored_instructions)} instructions, ${count(report.explored_states)} states, ${report.millis.toFixed(1)} ms`],
    ["Context", {loaded: "fields only", handed_on: "handed to functions", escapes: "its address is kept"}[report.context]],
    ["Helpers", list(report.helpers.map(helper => h("code", {}, helper.name)))],
    ["Maps", list(maps.map(map => h("a", {href: hash("map", ...map.split("/"))}, map.slice(set.length + 1))))],
  ];
  return h("dl", {class: "facts"}, ...facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function list(items) {
  return items.length === 0 ? "none" : h("ul", {}, ...items.map(item => h("li", {}, item)));
}
