// What the page says to a person: notices, and what is read out.

import { create } from "../draw/dom.js";

/** @typedef {{level: string, text: string, id: string}} Notice */

/** Good news goes by itself, once there was time to read it; what went wrong stays until it is dismissed. */
const INFO_MS = 6000;
const READING_MS = 50;

/**
 * One polite live region for everything, so that two sentences never speak over each other.
 *
 * @param {HTMLElement} region
 */
export function speaker(region) {
  return (/** @type {string} */ sentence) => {
    if (sentence) region.textContent = region.textContent === sentence ? `${sentence}\u00a0` : sentence;
  };
}

/**
 * The notices at the corner, each with a button that takes it away.
 *
 * @param {HTMLElement} element
 * @param {(id: string) => void} dismiss
 */
export function noticeList(element, dismiss) {
  /** @type {Map<string, HTMLElement>} */
  const shown = new Map();
  return (/** @type {Notice[]} */ notices) => {
    for (const [id, card] of shown) {
      if (notices.some((notice) => notice.id === id)) continue;
      card.remove();
      shown.delete(id);
    }
    for (const notice of notices) {
      if (shown.has(notice.id)) continue;
      const close = create("button", { type: "button", class: "icon-button", "aria-label": "Dismiss" }, "×");
      close.addEventListener("click", () => dismiss(notice.id));
      const card = create("article", { class: "notice", "data-level": notice.level }, create("p", {}, notice.text), close);
      shown.set(notice.id, card);
      element.append(card);
      if (notice.level === "info") fade(card, () => dismiss(notice.id));
    }
  };
}

/** Good news leaves by itself, unless somebody is reading it. @param {HTMLElement} card @param {() => void} leave */
function fade(card, leave) {
  setTimeout(() => {
    if (card.matches(":hover, :focus-within")) fade(card, leave);
    else if (card.isConnected) leave();
  }, Math.max(INFO_MS, READING_MS * (card.textContent ?? "").length));
}
