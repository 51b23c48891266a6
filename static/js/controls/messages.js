// What the page says to a person: the banner over the network, notices, and what is read out.

import { create } from "../draw/dom.js";
import { plainNumber } from "./scale.js";

/** @typedef {{level: string, text: string, id: string}} Notice */
/** @typedef {{step: number, layer: number | null, what?: string}} Divergence */

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

/**
 * The banner of a run that diverged: where, and what to do about it.
 *
 * @param {HTMLElement} element an alert, read out when it is filled
 * @param {{lowerRate: (rate: number) => void, clip: () => void, reset: () => void}} cures
 */
export function divergedBanner(element, cures) {
  let said = "";
  /** @param {string} text @param {() => void} act @param {boolean} [strong] */
  function cure(text, act, strong = false) {
    const button = create("button", { type: "button", class: strong ? "pill-button strong" : "pill-button" }, text);
    button.addEventListener("click", act);
    return button;
  }
  /**
   * @param {Divergence | null} diverged
   * @param {number} layers the output layer included
   * @param {number} rate
   * @param {boolean} clipped
   */
  return (diverged, layers, rate, clipped) => {
    const key = JSON.stringify([diverged, layers, rate, clipped]);
    if (key === said) return;
    said = key;
    element.hidden = diverged === null;
    if (diverged === null) {
      element.replaceChildren();
      return;
    }
    const lower = Number((rate * 0.3).toPrecision(2));
    const where = diverged.layer === null ? "" : diverged.layer >= layers ? ", in the output layer" : `, in layer ${diverged.layer}`;
    const what = diverged.what ? `${diverged.what.slice(0, 1).toUpperCase()}${diverged.what.slice(1)} is no longer a finite number. ` : "";
    const actions = create("div", { class: "banner-actions" }, cure(`Lower rate to ${plainNumber(lower)}`, () => cures.lowerRate(lower), true));
    if (!clipped) actions.append(cure("Clip norm at 1", cures.clip));
    actions.append(cure("Start over", cures.reset));
    element.replaceChildren(
      create("h3", {}, `Training diverged at step ${diverged.step}${where}`),
      create("p", {}, `${what}The last finite weights are kept. Each of these starts over from step 0:`),
      actions,
    );
  };
}

/** Good news leaves by itself, unless somebody is reading it. @param {HTMLElement} card @param {() => void} leave */
function fade(card, leave) {
  setTimeout(() => {
    if (card.matches(":hover, :focus-within")) fade(card, leave);
    else if (card.isConnected) leave();
  }, Math.max(INFO_MS, READING_MS * (card.textContent ?? "").length));
}
