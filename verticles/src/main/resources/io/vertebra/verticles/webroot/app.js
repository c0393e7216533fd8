// Wires the page to the server: everything it shows comes through one WebSocket.
import {h, setText, syncRows} from "./dom.js";
import {causes, count, short} from "./format.js";
import {MetricPanel} from "./metrics.js";
import {RecordsPanel} from "./records.js";
import {LiveSocket} from "./socket.js";

const MAP_INTERVAL = 1000;
const NUMBER = "number";
const STATES = {
  connecting: "connecting",
  live: "live",
  lost: "connection lost, trying again",
  denied: "a token is needed: open the address with #token=... that the start has printed",
};

const connection = document.getElementById("connection");
const scheme = location.protocol === "https:" ? "wss:" : "ws:";
const socket = new LiveSocket(`${scheme}//${location.host}/ws`, state => {
  connection.dataset.state = state;
  setText(connection, STATES[state]);
});
const records = new RecordsPanel(document.getElementById("records"), socket);
const panels = new Map();
const maps = new Map();

addEventListener("hashchange", () => location.reload());

socket.subscribe({overview: true}, frame => {
  if (!frame.overview) return;
  const overview = frame.overview;
  drawTotals(overview);
  drawAttachments(overview);
  drawDetached(overview.hooks);
  drawMetrics(overview.metrics);
  drawOutputs(overview.outputs);
  records.streams(overview.streams);
});

function drawTotals(overview) {
  const rate = overview.attachments.reduce((sum, a) => sum + a.rate, 0);
  const ran = overview.attachments.reduce((sum, a) => sum + a.ok + a.failed, 0);
  const lost = [...overview.attachments, ...overview.outputs].reduce((sum, a) => sum + unwanted(a.dropped), 0);
  const items = [["events/s", short(rate)], ["runs", count(ran)], ["dropped", count(lost)]];
  const list = document.getElementById("totals");
  if (!list.children.length) {
    list.append(...items.map(([name]) => h("div", {}, h("dt", {}, name), h("dd"))));
  }
  items.forEach(([, value], i) => setText(list.children[i].lastChild, value));
}

function drawAttachments({attachments}) {
  const section = document.getElementById("attached");
  syncRows(section.querySelector("tbody"), attachments, a => `${a.execution}/${a.codelet_set}/${a.codelet}/${a.hook}`, [
    a => h("code", {}, a.hook),
    a => h("span", {}, h("span", {class: "faint"}, `${a.codelet_set}/`), a.codelet),
    a => a.execution,
    a => short(a.rate),
    a => count(a.ok + a.failed),
    a => quiet(a.failed),
    a => dropped(a.dropped),
    a => quiet(a.waiting),
  ], [null, null, "faint", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER]);
  section.querySelector("table").hidden = attachments.length === 0;
  section.querySelector(".empty").hidden = attachments.length > 0;
  setText(section.querySelector(".empty"), "No codelet is attached.");
}

function drawDetached(hooks) {
  const free = hooks.filter(hook => hook.codelets.length === 0).map(hook => hook.name);
  setText(document.getElementById("detached"), free.length ? `Hooks with nothing attached: ${free.join(", ")}` : "");
}

/** A panel for each metric; metrics of one map share a subscription. */
function drawMetrics(metrics) {
  const section = document.getElementById("metrics");
  section.hidden = metrics.length === 0;
  const histogramsFirst = [...metrics].sort((a, b) => (b.type === "histogram") - (a.type === "histogram"));
  for (const metric of histogramsFirst) {
    if (!panels.has(metric.name)) {
      const panel = new MetricPanel(metric);
      section.querySelector(".panels").append(panel.element);
      panels.set(metric.name, {panel, map: metric.map});
      follow(metric.map);
    }
  }
  const names = new Set(metrics.map(metric => metric.name));
  panels.forEach(({panel}, name) => {
    if (!names.has(name)) {
      panel.element.remove();
      panels.delete(name);
    }
  });
  const used = new Set([...panels.values()].map(({map}) => map));
  maps.forEach((id, map) => {
    if (!used.has(map)) {
      socket.complete(id);
      maps.delete(map);
    }
  });
}

function follow(map) {
  if (maps.has(map)) return;
  const update = frame => frame.entries && panels.forEach(p => p.map === map && p.panel.update(frame));
  maps.set(map, socket.subscribe({map, interval_ms: MAP_INTERVAL}, update));
}

function drawOutputs(outputs) {
  const section = document.getElementById("outputs");
  section.hidden = outputs.length === 0;
  syncRows(section.querySelector("tbody"), outputs, o => `${o.stream}/${o.connector}`, [
    o => o.stream,
    o => o.connector,
    o => short(o.rate),
    o => count(o.emitted),
    o => count(o.delivered),
    o => dropped(o.dropped),
    o => quiet(o.waiting),
  ], [null, null, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER]);
}

function dropped(byCause) {
  return h("span", {class: unwanted(byCause) > 0 ? "warn" : "faint", title: causes(byCause) || null}, count(total(byCause)));
}

/** What was lost against anybody's wish: a rate limit is a wish. */
function unwanted(byCause) {
  return total(byCause) - (byCause.rate_limited ?? 0);
}

function quiet(value) {
  return h("span", {class: value === 0 ? "faint" : null}, count(value));
}

function total(byCause) {
  return Object.values(byCause).reduce((a, b) => a + b, 0);
}
