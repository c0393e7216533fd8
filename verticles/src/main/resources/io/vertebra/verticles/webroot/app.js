// Wires the page to the server: everything that moves comes through one WebSocket.
import {CodeletView} from "./codelet.js";
import {setText} from "./dom.js";
import {wall} from "./format.js";
import {MapView} from "./maps.js";
import {OverviewView} from "./overview.js";
import {Router} from "./router.js";
import {SetsView} from "./sets.js";
import {LiveSocket} from "./socket.js";
import {StreamsView} from "./streams.js";
import {connectSwitch} from "./theme.js";
import {bringsToken} from "./token.js";

const STATES = {
  connecting: "connecting",
  live: "live",
  lost: "connection lost, trying again",
  denied: "a token is needed: open the address with #token=... that the start has printed",
};

addEventListener("hashchange", () => bringsToken() && location.reload());
connectSwitch(document.getElementById("theme"));

const connection = document.getElementById("connection");
let latest = null;

const scheme = location.protocol === "https:" ? "wss:" : "ws:";
const socket = new LiveSocket(`${scheme}//${location.host}/ws`, state => {
  connection.dataset.state = state;
  const stale = latest !== null && state !== "live";
  document.body.classList.toggle("stale", stale);
  setText(connection, STATES[state] + (stale ? `; values of ${wall(latest.time)}` : ""));
});

const views = {
  overview: new OverviewView(socket),
  streams: new StreamsView(socket),
  sets: new SetsView(),
  codelet: new CodeletView(),
  map: new MapView(socket),
};
const router = new Router(document.querySelector("main"), views, view => latest && view.draw(latest));

socket.subscribe({overview: true}, ({overview}) => {
  if (!overview) return;
  latest = overview;
  setText(document.getElementById("source"), overview.source);
  views.overview.follow(overview);
  router.current.draw(overview);
});
