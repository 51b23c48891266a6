// The keyboard: one key for each thing done often, and the sheet that lists them.

import { create } from "../draw/dom.js";
import { isLeftOut } from "./hiding.js";

/** @typedef {{key: string, shown: string, words: string, act: () => void, of?: string}} Shortcut `of`: the control it stands for; with that left out it does nothing and is not listed */

/** Where a letter is text, or chooses from a list. */
const TYPING = "input:not([type]), input[type=text], input[type=number], select, textarea, [contenteditable]";
/** Where the space bar already means something. */
const CONTROL = "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])";

/**
 * @param {Shortcut[]} shortcuts
 * @param {{sheet: HTMLDialogElement, list: HTMLElement, button: HTMLElement}} places
 */
export function keyboard(shortcuts, places) {
  const heard = () => shortcuts.filter(({ of }) => of === undefined || !isLeftOut(of));
  const open = () => {
    places.list.replaceChildren(...heard().flatMap(({ shown, words }) => [create("dt", {}, create("kbd", {}, shown)), create("dd", {}, words)]));
    places.sheet.showModal();
  };
  places.button.addEventListener("click", open);
  // A click beside the sheet closes it.
  places.sheet.addEventListener("click", (event) => {
    if (event.target === places.sheet) places.sheet.close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || places.sheet.open) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest(event.key === " " ? CONTROL : TYPING)) return;
    const shortcut = heard().find(({ key }) => key === event.key.toLowerCase());
    if (!shortcut || (event.repeat && shortcut.key !== "s")) return;
    event.preventDefault();
    shortcut.act();
  });
  return open;
}
