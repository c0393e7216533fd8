// Where a tab without a token, or with one that is not enough, gets another.
import {freshId, h, setText} from "./dom.js";
import {hint} from "./problem.js";
import {keep} from "./token.js";

/** A field for a token, shown while the tab has none; show(true) shows it in any case. */
export class TokenForm {
  #text = h("p", {class: "note"});
  #input = h("input", {type: "password", autocomplete: "off", spellcheck: "false", id: freshId("token"), required: true});
  element = h("form", {class: "token-form", submit: event => this.#take(event)}, this.#text,
    h("div", {class: "tools"}, h("label", {for: this.#input.id}, "Token"), this.#input, h("button", {type: "submit"}, "Use")));

  show(always = false) {
    setText(this.#text, hint());
    this.element.hidden = !always && hint() === "";
  }

  #take(event) {
    event.preventDefault();
    const valid = keep(this.#input.value.trim());
    this.#input.setCustomValidity(valid ? "" : "A token has 32 to 256 letters, digits and . _ ~ -");
    this.#input.reportValidity();
    if (valid) {
      this.element.reset();
      this.element.hidden = true;
    }
  }
}
