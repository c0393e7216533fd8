// What can be done with a loaded set: disable, enable, unload (asked first), replace.
import {Problem, path, request} from "./api.js";
import {h, part, setText} from "./dom.js";
import {problemText} from "./problem.js";
import {hash} from "./router.js";
import {SetForm} from "./setform.js";

export class SetActions {
  #set = null;
  #tag = null;
  #form = new SetForm(() => ({name: this.#set?.name, digest: this.#set?.digest}));
  #toggle = h("button", {type: "button", click: () => this.#change("POST", this.#set.state === "disabled" ? "enable" : "disable")}, "Disable");
  #unload = h("button", {type: "button", class: "danger", click: () => this.#ask()}, "Unload…");
  #question = h("p");
  #dialog;
  #status = h("p", {class: "status", role: "status"});
  element;

  constructor() {
    const title = h("h2", {id: "unload-title"}, "Unload the set?");
    this.#dialog = h("dialog", {"aria-labelledby": "unload-title", close: () => this.#answered()},
      h("form", {method: "dialog"}, title, this.#question,
        h("div", {class: "tools"}, h("button", {value: "cancel", autofocus: true}, "Cancel"), h("button", {value: "unload", class: "danger"}, "Unload"))));
    this.element = part("Change", {id: "change"}, h("div", {class: "tools"}, this.#toggle, this.#unload), this.#status, this.#dialog, this.#form.element);
  }

  /** Another set is looked at. */
  enter() {
    this.#form.reset();
    setText(this.#status, "");
  }

  /** The set as it is now; null when it is not loaded. */
  draw(set) {
    this.#set = set;
    this.element.hidden = !set;
    if (set) setText(this.#toggle, set.state === "disabled" ? "Enable" : "Disable");
  }

  #ask() {
    this.#tag = this.#set.digest;
    setText(this.#question, `The ${this.#set.codelets.length} codelets of ${this.#set.name} are detached; its ${this.#set.maps.length} maps and what is in them are gone.`);
    this.#dialog.returnValue = "";
    this.#dialog.showModal();
  }

  #answered() {
    if (this.#dialog.returnValue === "unload") this.#change("DELETE", null, this.#tag);
  }

  async #change(method, action, tag = this.#set.digest) {
    const name = this.#set.name;
    setText(this.#status, "");
    try {
      await request(path("codelet-sets", name, ...(action ? [action] : [])), {method, headers: {"if-match": `"${tag}"`}});
      if (method === "DELETE") location.hash = hash("sets");
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      setText(this.#status, problemText(problem));
      this.#status.className = "status warn";
    }
  }
}
