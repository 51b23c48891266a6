// Light, dark, or projector; remembered.

/** @typedef {"light" | "dark" | "projector"} Mode */

/** @returns {Mode} */
export function currentMode() {
  const mode = document.documentElement.dataset.mode;
  return mode === "dark" || mode === "projector" ? mode : "light";
}

/**
 * @param {{dark: HTMLElement, projector: HTMLElement}} buttons
 * @param {() => void} changed
 */
export function modeSwitch(buttons, changed) {
  /** @param {Mode} mode */
  function set(mode) {
    document.documentElement.dataset.mode = mode;
    try {
      localStorage.setItem("mode", mode);
    } catch {
      // Storage can be forbidden; the mode then lasts as long as the page.
    }
    show();
    changed();
  }
  function show() {
    const mode = currentMode();
    buttons.dark.setAttribute("aria-pressed", String(mode === "dark"));
    buttons.projector.setAttribute("aria-pressed", String(mode === "projector"));
    const panel = getComputedStyle(document.documentElement).getPropertyValue("--panel");
    document.querySelector('meta[name="theme-color"]')?.setAttribute("content", panel.trim());
  }
  const dark = () => set(currentMode() === "dark" ? "light" : "dark");
  const projector = () => set(currentMode() === "projector" ? "light" : "projector");
  buttons.dark.addEventListener("click", dark);
  buttons.projector.addEventListener("click", projector);
  // Whoever never chose follows the system.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
    if (remembered()) return;
    document.documentElement.dataset.mode = event.matches ? "dark" : "light";
    show();
    changed();
  });
  show();
  return { dark, projector };
}

function remembered() {
  try {
    return localStorage.getItem("mode") !== null;
  } catch {
    return false;
  }
}
