// The client of the sub-protocol vertebra.v1: subscriptions that survive a lost connection.
import {isDenied, token} from "./token.js";

const FIRST_RETRY = 400;
const LAST_RETRY = 5000;
const SILENCE = 8000;

export class LiveSocket {
  #url;
  #onState;
  #subscriptions = new Map();
  #nextId = 1;
  #retry = FIRST_RETRY;
  #socket = null;
  #heard = 0;

  /** onState is called with "connecting", "live", "lost" or "denied". */
  constructor(url, onState) {
    this.#url = url;
    this.#onState = onState;
    setInterval(() => this.#watch(), 2000);
    this.#connect();
  }

  /**
   * Calls handler with each frame of a subscription; asks again after a reconnect. Returns the id. A frame of the overview
   * or of a map has all of it, and in frame.changed what is new since the frame before.
   */
  subscribe(request, handler) {
    const id = this.#nextId++;
    this.#subscriptions.set(id, {request, handler});
    this.#send({type: "subscribe", id, ...request});
    return id;
  }

  /** Ends a subscription. */
  complete(id) {
    if (this.#subscriptions.delete(id)) {
      this.#send({type: "complete", id});
    }
  }

  #connect() {
    const mine = token();
    const socket = new WebSocket(this.#url, mine ? ["vertebra.v1", `vertebra.token.${mine}`] : ["vertebra.v1"]);
    let opened = false;
    this.#socket = socket;
    this.#heard = Date.now();
    socket.onopen = () => {
      opened = true;
      this.#retry = FIRST_RETRY;
      this.#subscriptions.forEach(({request}, id) => this.#send({type: "subscribe", id, ...request}));
      this.#onState("live");
    };
    socket.onmessage = event => {
      this.#heard = Date.now();
      const frame = JSON.parse(event.data);
      const subscription = this.#subscriptions.get(frame.id);
      if (subscription) subscription.handler(merged(subscription, frame));
    };
    socket.onclose = async () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#onState(!opened && await isDenied() ? "denied" : "lost");
      setTimeout(() => this.#connect(), this.#retry * (0.8 + 0.4 * Math.random()));
      this.#retry = Math.min(LAST_RETRY, this.#retry * 1.6);
    };
  }

  /** A connection that has gone quiet is asked, then given up: a server may vanish without a word. */
  #watch() {
    const quiet = Date.now() - this.#heard;
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    if (quiet > SILENCE) {
      this.#socket.close();
    } else if (quiet > SILENCE / 2) {
      this.#send({type: "ping"});
    }
  }

  #send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(message));
    }
  }
}

/** The frame with all of what the subscription follows, and what it has changed: see docs/live-protocol.md. */
function merged(subscription, frame) {
  if (frame.entries) return mergedEntries(subscription, frame);
  if (frame.overview) return mergedOverview(subscription, frame);
  return frame;
}

function mergedEntries(subscription, frame) {
  if (frame.type === "snapshot") subscription.state = new Map();
  const removed = frame.removed ?? [];
  removed.forEach(key => subscription.state.delete(JSON.stringify(key)));
  frame.entries.forEach(entry => subscription.state.set(JSON.stringify(entry.key), entry));
  return {...frame, entries: [...subscription.state.values()], removed, changed: frame.entries};
}

function mergedOverview(subscription, frame) {
  if (frame.type === "snapshot") subscription.state = {};
  const rows = frame.rows ?? {};
  for (const [section, {changed, removed}] of Object.entries(rows)) {
    const byId = new Map((subscription.state[section] ?? []).map(row => [row.id, row]));
    removed.forEach(id => byId.delete(id));
    changed.forEach(row => byId.set(row.id, row));
    subscription.state[section] = [...byId.values()];
  }
  Object.assign(subscription.state, frame.overview);
  return {...frame, overview: {...subscription.state}, changed: {...frame.overview, ...rows}};
}
