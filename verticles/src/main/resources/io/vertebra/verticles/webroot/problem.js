// What the server refuses, in words, and what the one who reads it can do.
import {h} from "./dom.js";
import {token} from "./token.js";

const WHERE = "the run file of this start has it; give it below, or open the page with #token=... after its address";

/** Says what a change needs while this tab has no token; "" otherwise. */
export function hint() {
  return token() ? "" : `This tab has no token. A change needs that of an author, disable and enable that of an operator: ${WHERE}.`;
}

/** A problem's text. */
export function problemText({status, message}) {
  if (status === 401) return `Refused: ${message}.`;
  if (status === 412) return `Somebody has changed the set meanwhile, nothing was done: ${message}. Look at it, then choose the files again.`;
  return message;
}

/** The verifier's reports, when it has rejected a set: those of rejected programs first. */
export function verdicts({details}) {
  const programs = details.programs ?? [];
  return [...programs].sort((a, b) => (a.verdict === "pass") - (b.verdict === "pass")).map(program =>
    h("pre", {class: `report ${program.verdict}`, tabindex: 0, role: "region", "aria-label": `Report on ${program.name}`}, program.text));
}
