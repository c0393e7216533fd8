// Files of a codelet set on their way to the server, with progress; fetch cannot tell how far an upload is.
import {Problem, headers, parsed} from "./api.js";

/** The part of the form that a file is: by its name's end. */
export function roleOf(file) {
  if (/\.ya?ml$/i.test(file.name)) return "descriptor";
  return /\.sig$/i.test(file.name) ? "signature" : "object";
}

/** What keeps files from being a set, or "". */
export function problemOf(files) {
  const descriptors = files.filter(file => roleOf(file) === "descriptor").length;
  if (files.length === 0) return "Choose the set's descriptor (.yaml) and its objects (.o).";
  if (descriptors !== 1) return `There are ${descriptors} descriptors (.yaml), needed is one.`;
  return files.some(file => roleOf(file) === "object") ? "" : "There is no object (.o).";
}

/** Sends files; progress gets a part of 1, then 1 while the server verifies. Answers the set, or throws a Problem. */
export function send(method, url, files, conditions, progress) {
  const form = new FormData();
  files.forEach(file => form.append(roleOf(file), file, file.name));
  const exchange = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    exchange.open(method, url);
    for (const [name, value] of Object.entries(headers(conditions))) exchange.setRequestHeader(name, value);
    exchange.upload.addEventListener("progress", event => progress(event.lengthComputable ? event.loaded / event.total : 0));
    exchange.upload.addEventListener("load", () => progress(1));
    exchange.addEventListener("error", () => reject(new Problem(0, {detail: "the server does not answer, or has closed the connection"})));
    exchange.addEventListener("load", () => {
      if (exchange.status < 300) {
        resolve(JSON.parse(exchange.responseText));
      } else {
        reject(new Problem(exchange.status, parsed(exchange.responseText, exchange.status)));
      }
    });
    exchange.send(form);
  });
}
