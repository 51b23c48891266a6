// A dialog with a heading and a cross, made when it is first needed; a click beside it closes it.

import { create, setText } from "../draw/dom.js";

/**
 * @param {string} title
 * @param {(Node | string)[]} content
 * @param {string} [kind] a class of its own
 */
export function dialog(title, content, kind = "") {
  const id = `dialog-${title.toLowerCase().replace(/[^a-z]+/g, "-")}`;
  const cross = create("button", { type: "button", class: "icon-button dialog-close", "aria-label": "Close" }, "×");
  const element = create("dialog", { class: `sheet wide-sheet ${kind}`, "aria-labelledby": id },
    create("div", { class: "sheet-head" }, create("h2", { id }, title), cross), ...content);
  cross.addEventListener("click", () => element.close());
  element.addEventListener("click", (event) => {
    if (event.target === element) element.close();
  });
  document.body.append(element);
  return element;
}

/** A line in a dialog that says what went wrong, or nothing. */
export function complaint() {
  const element = create("p", { class: "field-error", role: "alert" });
  return { element, say: (/** @type {string} */ text) => setText(element, text) };
}

/**
 * @param {string} text
 * @param {() => void} act
 * @param {boolean} [strong]
 */
export function button(text, act, strong = false) {
  const element = create("button", { type: "button", class: strong ? "pill-button strong" : "pill-button" }, text);
  element.addEventListener("click", act);
  return element;
}

/**
 * A box that says when its text was copied.
 *
 * @param {HTMLButtonElement} copier
 * @param {() => string} text
 * @param {(sentence: string) => void} say
 */
export async function copy(copier, text, say) {
  const before = copier.textContent ?? "";
  try {
    await navigator.clipboard.writeText(text());
    setText(copier, "Copied");
    say("Copied.");
    setTimeout(() => setText(copier, before), 1800);
  } catch {
    say("The clipboard can't be reached: select the text and copy it.");
  }
}

/** Give a file to the person. @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const address = URL.createObjectURL(blob);
  create("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** What an error says to a person. @param {unknown} error */
export function words(error) {
  const text = error instanceof Error ? error.message : String(error);
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
