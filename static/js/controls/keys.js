// The keyboard: one key for each thing done often, and the sheet that lists them.

import { create } from "../draw/dom.js";

/** @typedef {{key: string, shown: string, words: string, act: () => void}} Shortcut */

/** Where a letter is text, or chooses from a list. */
const TYPING = "input:not([type]), input[type=text], input[type=number], select, textarea, [contenteditable]";
/** Where the space bar already means something. */
const CONTROL = "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])";

/**
 * @param {Shortcut[]} shortcuts
 * @param {{sheet: HTMLDialogElement, list: HTMLElement, button: HTMLElement}} places
 */
export function keyboard(shortcuts, places) {
  for (const { shown, words } of shortcuts) {
    places.list.append(create("dt", {}, create("kbd", {}, shown)), create("dd", {}, words));
  }
  const open = () => places.sheet.showModal();
  places.button.addEventListener("click", open);
  // A click beside the sheet closes it.
  places.sheet.addEventListener("click", (event) => {
    if (event.target === places.sheet) places.sheet.close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || places.sheet.open) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest(event.key === " " ? CONTROL : TYPING)) return;
    const shortcut = shortcuts.find(({ key }) => key === event.key.toLowerCase());
    if (!shortcut || (event.repeat && shortcut.key !== "s")) return;
    event.preventDefault();
    shortcut.act();
  });
  return open;
}
