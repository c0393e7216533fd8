// Dark or light: as the system has it, or as the switch in the header says.
const KEY = "vertebra.theme";
const CHOICES = ["auto", "light", "dark"];
const listeners = new Set();
const probe = document.createElement("span");

/** Makes a group of radio buttons the switch. */
export function connectSwitch(group) {
  const kept = localStorage.getItem(KEY);
  choose(CHOICES.includes(kept) ? kept : "auto");
  for (const input of group.querySelectorAll("input")) {
    input.checked = input.value === document.documentElement.dataset.theme;
    input.addEventListener("change", () => {
      localStorage.setItem(KEY, input.value);
      choose(input.value);
    });
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
}

/** Calls a listener when colours have changed; returns what ends that. */
export function onTheme(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The colour that a custom property has now, as a canvas takes it. */
export function colour(name) {
  if (!probe.isConnected) {
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

function choose(theme) {
  document.documentElement.dataset.theme = theme;
  tell();
}

function tell() {
  listeners.forEach(listener => listener());
}
