// Elements without markup: every text goes through textContent, because records are untrusted.

/** An element: h("td", {class: "number"}, "text", child, ...). Attributes that are null or false are left out. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
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

/**
 * Keeps the rows of a table body in step with a list.
 * columns: functions from an item to a text or a Node; key: function from an item to its row's identity.
 */
export function syncRows(body, items, key, columns, classes = []) {
  const existing = new Map([...body.rows].map(row => [row.dataset.key, row]));
  items.forEach((item, position) => {
    const id = key(item);
    let row = existing.get(id);
    if (!row) {
      row = h("tr", {"data-key": id}, ...columns.map((_, i) => h("td", {class: classes[i] ?? null})));
    }
    existing.delete(id);
    columns.forEach((column, i) => {
      const value = column(item);
      if (value instanceof Node) {
        row.cells[i].replaceChildren(value);
      } else {
        setText(row.cells[i], value);
      }
    });
    if (body.rows[position] !== row) {
      body.insertBefore(row, body.rows[position] ?? null);
    }
  });
  existing.forEach(row => row.remove());
}
