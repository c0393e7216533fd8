// Which records are shown: conditions as `vertebra stream tail --where` takes them, joined by commas, or a text to look for.
import {compare} from "./table.js";
import {valueText} from "./format.js";

const FORM = /^([\w.]+) *(=|!=|<=|>=|<|>) *(.*)$/;
const NUMBER = /^-?[0-9]+(\.[0-9]+)?$/;

/** A filter from what somebody has typed. */
export class Filter {
  #terms;

  constructor(text) {
    this.#terms = text.split(",").map(term => term.trim()).filter(Boolean).map(termOf);
  }

  /** Whether it lets everything pass. */
  get empty() {
    return this.#terms.length === 0;
  }

  /** Whether all terms hold for a record {sequence, time, value}. */
  test(record) {
    return this.#terms.every(term => (term.field === undefined ? contains(record, term.text) : holds(term, fieldOf(record, term.field))));
  }

  /** What is wrong with it, or "": a field that no record has, or an order of what has none. */
  problem(records) {
    if (records.length === 0) return "";
    for (const term of this.#terms.filter(t => t.field !== undefined)) {
      const values = records.map(record => fieldOf(record, term.field)).filter(value => value !== undefined);
      if (values.length === 0) {
        return `No record has a field “${term.field}”; they have ${[...Object.keys(records[0].value), "sequence", "time"].join(", ")}.`;
      }
      if (/[<>]/.test(term.operator) && !(NUMBER.test(term.operand) && values.every(value => NUMBER.test(value)))) {
        return `“${term.field} ${term.operator} ${term.operand}”: only numbers have an order; other fields take = and !=.`;
      }
    }
    return "";
  }
}

function termOf(text) {
  const form = FORM.exec(text);
  return form ? {field: form[1], operator: form[2], operand: form[3]} : {text: text.toLowerCase()};
}

/** A field of the record's value, dots lead into structs; or its sequence or time. */
function fieldOf(record, path) {
  let found = record.value;
  for (const name of path.split(".")) {
    if (found === null || typeof found !== "object" || !(name in found)) return path === "value" ? undefined : record[path];
    found = found[name];
  }
  return found;
}

function holds({operator, operand}, value) {
  if (value === undefined) return false;
  const text = valueText(value);
  const numbers = NUMBER.test(text) && NUMBER.test(operand);
  if (!numbers && /[<>]/.test(operator)) return false;
  const order = numbers ? compare(text, operand) : Number(text !== operand);
  switch (operator) {
    case "=": return order === 0;
    case "!=": return order !== 0;
    case "<": return order < 0;
    case "<=": return order <= 0;
    case ">": return order > 0;
    default: return order >= 0;
  }
}

function contains(record, text) {
  return Object.entries(record.value).some(([key, value]) => `${key}=${valueText(value)}`.toLowerCase().includes(text));
}
