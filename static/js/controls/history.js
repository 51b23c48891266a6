// Undo and redo: two buttons that say what they would do, and the keys that everybody's fingers know.

import { isLeftOut } from "./hiding.js";

/** @typedef {import("../flow/commands.js").Commands} Commands */

/** Where the browser's own undo is meant. */
const TYPING = "input:not([type]), input[type=text], input[type=number], textarea, [contenteditable]";

/**
 * @param {{undo: HTMLElement, redo: HTMLElement}} places
 * @param {Commands} commands
 */
export function undoButtons(places, commands) {
  const undo = /** @type {HTMLButtonElement} */ (places.undo);
  const redo = /** @type {HTMLButtonElement} */ (places.redo);
  undo.addEventListener("click", () => void commands.undo());
  redo.addEventListener("click", () => void commands.redo());
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
    const key = event.key.toLowerCase();
    const back = key === "z" && !event.shiftKey;
    const forth = (key === "z" && event.shiftKey) || key === "y";
    if (!back && !forth) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest(TYPING) || document.querySelector("dialog:modal") || isLeftOut("undo")) return;
    event.preventDefault();
    (back ? undo : redo).click();
  });
  /**
   * @param {{undo?: string | null, redo?: string | null} | null} session
   * @param {boolean} enabled
   */
  return (session, enabled) => {
    for (const [button, name, what, keys] of /** @type {const} */ ([
      [undo, "Undo", session?.undo, "Ctrl+Z"],
      [redo, "Redo", session?.redo, "Ctrl+Shift+Z"],
    ])) {
      button.disabled = !enabled || !what;
      button.title = what ? `${name}: ${what.slice(0, 1).toLowerCase()}${what.slice(1)} (${keys})` : `Nothing to ${name.toLowerCase()}`;
    }
  };
}
