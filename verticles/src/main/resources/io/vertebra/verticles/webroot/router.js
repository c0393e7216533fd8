// Which view is shown: the address's fragment says it, as #view/argument/argument.
import {h} from "./dom.js";

/** The fragment of a view. */
export function hash(view, ...parts) {
  return `#${[view, ...parts.map(encodeURIComponent)].join("/")}`;
}

/** A heading of a view of something in a set: "sets / SET / name". */
export function drawCrumbs(heading, set, ...names) {
  heading.replaceChildren(h("a", {href: hash("sets")}, "sets"), " / ", names.length ? h("a", {href: hash("sets", set)}, set) : set,
    ...names.flatMap(name => [" / ", name]));
}

/** Shows one view of several in an element; a view has element, title, enter(...arguments), draw(overview) and leave(). */
export class Router {
  #views;
  #main;
  #current = null;
  #entered;

  /** entered is called after a view has been. */
  constructor(main, views, entered) {
    this.#main = main;
    this.#views = views;
    this.#entered = entered;
    addEventListener("hashchange", () => this.#show(true));
    this.#show(false);
  }

  get current() {
    return this.#current;
  }

  #show(byUser) {
    const [name, ...parts] = location.hash.slice(1).split("/").map(decoded);
    const view = this.#views[name] ?? this.#views.overview;
    this.#current?.leave();
    this.#current = view;
    this.#main.replaceChildren(view.element);
    view.enter(...parts);
    this.#entered(view);
    document.title = view.title === "Overview" ? "Vertebra" : `${view.title} - Vertebra`;
    for (const link of document.querySelectorAll("header nav a")) {
      const here = (this.#views[link.hash.slice(1)] ?? null) === view || link.dataset.also?.split(" ").includes(name);
      if (here) {
        link.setAttribute("aria-current", "page");
      } else {
        link.removeAttribute("aria-current");
      }
    }
    if (byUser) {
      scrollTo(0, 0);
      this.#main.focus({preventScroll: true});
    }
  }
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
