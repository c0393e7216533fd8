// Elements without markup: every text goes through textContent, because records are untrusted.
const SVG = "http://www.w3.org/2000/svg";

/** An element: h("td", {class: "number"}, "text", child, ...). Attributes that are null or false are left out. */
export function h(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** The same for drawings. */
export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(key, value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? "" : value);
    }
  }
  element.append(...children.map(child => (child instanceof Node ? child : document.createTextNode(String(child)))));
  return element;
}

/** Sets an element's text only when it differs, so that selections and screen readers are left in peace. */
export function setText(element, text) {
  const string = String(text);
  if (element.textContent !== string) {
    element.textContent = string;
  }
}

/** Sets or, when the value is null, removes an attribute, only when it differs. */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) === value) return;
  if (value === null) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value);
  }
}

let ids = 0;

/** An id that no other element has. */
export function freshId(prefix) {
  ids += 1;
  return `${prefix}-${ids}`;
}

/** A part of a view with its heading: what follows the heading's row is given as children. */
export function part(title, {id = null, wide = "", tools = []} = {}, ...children) {
  const heading = freshId("part");
  return h("section", {id, class: `part ${wide}`.trim(), "aria-labelledby": heading},
    h("div", {class: "heading"}, h("h2", {id: heading}, title), ...tools), ...children);
}
