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

const DESK = matchMedia("(min-width: 1180px)");
/** As many letters stand in one line below the network. */
const LINE = 120;

/**
 * The notices, each with a button that takes it away: on a desk a line below the network, over no number; what
 * is longer, errors, and all where the network is not in sight, at the corner.
 *
 * @param {HTMLElement} corner
 * @param {HTMLElement} beside
 * @param {(id: string) => void} dismiss
 */
export function noticeList(corner, beside, dismiss) {
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
      const isLine = notice.level !== "error" && notice.text.length < LINE;
      (isLine && DESK.matches && beside.checkVisibility() ? beside : corner).append(card);
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
