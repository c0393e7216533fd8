// The form that loads a set, or replaces one.
import {Problem, path} from "./api.js";
import {freshId, h, setText} from "./dom.js";
import {bytes} from "./format.js";
import {hash} from "./router.js";
import {problemText, verdicts} from "./problem.js";
import {TokenForm} from "./tokenform.js";
import {problemOf, roleOf, send} from "./upload.js";

export class SetForm {
  #target;
  #files = [];
  #tag = null;
  #input = h("input", {
    type: "file", multiple: true, accept: ".yaml,.yml,.o,.sig", id: freshId("files"), change: () => this.#choose(this.#input.files),
    click: () => this.#input.value = "", // so that files of the same names, compiled again, count as chosen
  });
  #chosen = h("ul", {class: "files"});
  #submit;
  #progress = h("progress", {max: 1, value: 0, "aria-label": "Upload", hidden: true});
  #status = h("p", {class: "status", role: "status"});
  #report = h("div", {class: "verdicts"});
  #token = new TokenForm();
  #form;
  element;

  /** target: answers {name, digest} of the set to replace; null when the form loads a new one. */
  constructor(target = null) {
    this.#target = target;
    this.#submit = h("button", {type: "submit", class: "primary"}, target ? "Replace" : "Load");
    const drop = h("div", {
      class: "drop", dragover: event => this.#over(event, true), dragleave: event => this.#over(event, false), drop: event => this.#drop(event),
    }, h("label", {for: this.#input.id}, "Descriptor (.yaml) and objects (.o), with the signature (.sig) if there is one; drop them here or"), this.#input);
    this.#form = h("form", {class: "set-form", submit: event => this.#send(event)}, drop, this.#chosen,
      h("div", {class: "tools"}, this.#submit, this.#progress), this.#status, this.#report);
    this.element = h("div", {class: "card"}, this.#form, this.#token.element);
    this.reset();
  }

  /** Forgets files and messages. */
  reset() {
    this.#form.reset();
    this.#choose([]);
    this.#token.show();
  }

  #over(event, over) {
    event.preventDefault();
    event.currentTarget.classList.toggle("over", over);
  }

  #drop(event) {
    this.#over(event, false);
    this.#choose(event.dataTransfer.files);
  }

  /** What is replaced is the version that is there now: if another one comes meanwhile, the server refuses. */
  #choose(files) {
    this.#files = [...files];
    this.#tag = this.#target?.().digest ?? null;
    this.#chosen.replaceChildren(...this.#files.map(file => h("li", {}, h("code", {}, file.name), ` ${roleOf(file)}, ${bytes(file.size)}`)));
    this.#report.replaceChildren();
    setText(this.#status, "");
    this.#status.className = "status";
    this.#progress.hidden = true;
  }

  async #send(event) {
    event.preventDefault();
    const problem = problemOf(this.#files);
    if (problem) return this.#say(problem, "warn");
    const name = this.#target?.().name;
    this.#submit.disabled = true;
    this.#progress.hidden = false;
    this.#report.replaceChildren();
    try {
      const [method, url, conditions] = this.#target
        ? ["PUT", path("codelet-sets", name), {"if-match": `"${this.#tag}"`}]
        : ["POST", path("codelet-sets"), {}];
      const set = await send(method, url, this.#files, conditions, part => this.#move(part));
      this.#tag = set.digest;
      this.#say(`Set ${set.name} is ${this.#target ? "replaced" : "loaded"}: ${set.codelets.length} codelets, digest ${set.digest.slice(0, 16)}.`, "good");
      this.#report.replaceChildren(h("a", {href: hash("sets", set.name)}, `Look at ${set.name}`));
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (failure.status === 412) {
        this.#form.reset();
        this.#choose([]);
      }
      this.#say(problemText(failure), "warn");
      this.#report.replaceChildren(...verdicts(failure));
      this.#token.show([401, 403].includes(failure.status));
    } finally {
      this.#submit.disabled = false;
      this.#progress.hidden = true;
    }
  }

  #move(part) {
    this.#progress.value = part;
    this.#say(part < 1 ? `${Math.round(part * 100)}% sent` : "sent, the server verifies", "faint");
  }

  #say(text, tone) {
    setText(this.#status, text);
    this.#status.className = `status ${tone}`;
  }
}
