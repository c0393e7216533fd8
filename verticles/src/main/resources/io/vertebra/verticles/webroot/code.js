// A program's C lines as its object's BTF has them, or its instructions between those lines, with the memory they may touch.
import {freshId, h} from "./dom.js";

/** The listing of what /api/v1/programs/SET/CODELET answers as `code`. */
export function listing(code) {
  const lines = linesOf(code);
  const source = lines.length > 0 ? sourceTable(lines) : null;
  const instructions = instructionTable(code);
  const name = freshId("listing");
  const choices = [...(source ? [["Source", source]] : []), ["Instructions", instructions]];
  const box = h("div", {class: "scroll code-box", tabindex: 0, role: "group", "aria-label": "Code"}, choices[0][1]);
  const chips = choices.map(([title, table], i) => {
    const input = h("input", {type: "radio", name, value: title, change: () => box.replaceChildren(table)});
    input.checked = i === 0;
    return h("label", {class: "chip"}, input, title);
  });
  return {
    tools: h("div", {class: "chips", role: "radiogroup", "aria-label": "What the listing shows"}, ...chips),
    element: h("div", {class: "card"}, box, ...(source ? [] : [h("p", {class: "note"}, "The object has no C lines: compile with -g to see them.")])),
  };
}

/** Each C line with its instructions, by file and number. */
function linesOf(code) {
  const lines = new Map();
  let line = null;
  for (const instruction of code) {
    if (instruction.source) {
      const {file, line: number, text} = instruction.source;
      const key = `${file}:${number}`;
      if (!lines.has(key)) lines.set(key, {file, number, text, instructions: []});
      line = lines.get(key);
    }
    line?.instructions.push(instruction);
  }
  return [...lines.values()].sort((a, b) => a.file.localeCompare(b.file) || a.number - b.number);
}

function sourceTable(lines) {
  const body = h("tbody");
  let before = {};
  for (const line of lines) {
    if (line.file !== before.file) {
      body.append(h("tr", {class: "file"}, h("th", {scope: "colgroup", colspan: 4}, fileName(line.file))));
    } else if (line.number > before.number + 1) {
      body.append(h("tr", {class: "gap", "aria-hidden": "true"}, h("td", {class: "number"}, "⋮"), h("td", {colspan: 3})));
    }
    before = line;
    const memory = [...new Set(line.instructions.flatMap(i => i.memory ?? []))];
    body.append(h("tr", {"data-line": line.number},
      h("th", {scope: "row", class: "number"}, line.number), h("td", {class: "number"}, line.instructions.length),
      h("td", {class: "text"}, line.text || " "), h("td", {class: "faint"}, memory.join(", "))));
  }
  return h("table", {class: "code", "aria-label": "Source"},
    head(["Line", "Insns", "Source", "Memory it may touch"]), body);
}

function instructionTable(code) {
  const body = h("tbody");
  for (const {insn, text, comment = "", memory = [], source} of code) {
    if (source) {
      body.append(h("tr", {class: "source"}, h("th", {scope: "row", class: "number"}, source.line), h("td", {class: "text", colspan: 3}, source.text)));
    }
    body.append(h("tr", {"data-insn": insn},
      h("th", {scope: "row", class: "number"}, insn), h("td", {class: "text"}, text), h("td", {}, comment), h("td", {class: "faint"}, memory.join(", "))));
  }
  return h("table", {class: "code", "aria-label": "Instructions"}, head(["#", "Instruction", "Meaning", "Memory it may touch"]), body);
}

function head(titles) {
  return h("thead", {}, h("tr", {}, ...titles.map((title, i) => h("th", {scope: "col", class: i === 0 || title === "Insns" ? "number" : null}, title))));
}

function fileName(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}
