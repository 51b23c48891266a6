// Explanations: one tooltip for the whole page, shown by hover, focus and touch; Esc closes it.

import { create } from "../draw/dom.js";
import { formula } from "../draw/mathml.js";
import { spotFor } from "./spot.js";
import { sentence } from "./words.js";

/** @typedef {import("./words.js").Explanation} Explanation */
/** @typedef {import("./words.js").Dictionary} Dictionary */

const HOVER_MS = 400;
const FOCUS_MS = 700;
/** A moment to get from the word to its explanation without losing it. */
const LEAVE_MS = 160;
const PRESS_MS = 450;

/** @type {WeakMap<Element, () => Explanation>} */
const explained = new WeakMap();
const TRIGGER = "[data-explained], [data-term], [title]";
/** What a finger's tap explains at once: it does nothing else. Elsewhere a long press does. */
const TAPPED = "label[data-explained]:not(:has(input)), [data-term]:not(button, a, input, select, :has(input))";

/**
 * Let `elements` be explained, where they are pointed at or have the focus.
 *
 * @param {() => Explanation} describe
 * @param {...HTMLElement} elements
 */
export function explain(describe, ...elements) {
  for (const element of elements) {
    element.dataset.explained = "";
    explained.set(element, describe);
  }
}

/**
 * The tooltip itself.
 *
 * @param {() => Promise<Dictionary>} load asked once, when first needed
 */
export function explainer(load) {
  const tip = create("div", { id: "tip", class: "tip", role: "tooltip", popover: "manual" });
  // Within a landmark, for those who go from one to the next.
  (document.querySelector("main") ?? document.body).append(tip);
  /** @type {Dictionary | null} */
  let dictionary = null;
  /** @type {Element | null} */
  let trigger = null;
  let timer = 0;
  let byKeyboard = false;
  /** What was pressed is known: not explained again until the pointer has left it. @type {Element | null} */
  let pressed = null;

  for (const term of document.querySelectorAll("[data-term]:not(button, a, input, label)")) term.setAttribute("tabindex", "0");

  /** @param {Element} element @returns {Explanation | null} */
  function described(element) {
    const own = explained.get(element);
    if (own) return own();
    const term = element.getAttribute("data-term");
    const known = term === null ? undefined : dictionary?.terms[term];
    if (known) return known;
    const help = element.getAttribute("data-help");
    return help ? { title: element.getAttribute("aria-label") ?? "", text: help } : null;
  }

  /** @param {Element} element */
  async function show(element) {
    dictionary ??= await load().catch(() => null);
    if (element.hasAttribute("title")) {
      // The browser's own bubble comes for the mouse only, and would come twice.
      element.setAttribute("data-help", element.getAttribute("title") ?? "");
      element.removeAttribute("title");
    }
    const words = described(element);
    if (!words || !element.isConnected || (!words.text && !words.choice)) return;
    hide();
    trigger = element;
    tip.replaceChildren(...contents(words, dictionary));
    describing(element).setAttribute("aria-describedby", `${describing(element).getAttribute("aria-describedby") ?? ""} tip`.trim());
    tip.showPopover();
    place(element);
  }

  function hide() {
    window.clearTimeout(timer);
    if (!trigger) return;
    const told = describing(trigger);
    const others = (told.getAttribute("aria-describedby") ?? "").replace(/\s*\btip\b/, "").trim();
    if (others) told.setAttribute("aria-describedby", others);
    else told.removeAttribute("aria-describedby");
    trigger = null;
    tip.hidePopover();
  }

  /** @param {() => void} act @param {number} delay_ms */
  function soon(act, delay_ms) {
    window.clearTimeout(timer);
    timer = window.setTimeout(act, delay_ms);
  }

  /** @param {Element} element */
  function place(element) {
    tip.style.maxHeight = "";
    const word = (element.closest(".field") ?? element).getBoundingClientRect();
    const form = element.closest(".setup")?.getBoundingClientRect() ?? null;
    const size = { width: tip.offsetWidth, height: tip.offsetHeight };
    const { left, top, height } = spotFor(size, word, form, { width: innerWidth, height: innerHeight });
    if (height < size.height) tip.style.maxHeight = `${height}px`;
    tip.style.left = `${left}px`;
    tip.style.top = `${top}px`;
  }

  /** @param {Event} event */
  const triggerOf = (event) => (event.target instanceof Element ? event.target.closest(TRIGGER) : null);

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch" || event.buttons) return;
    if (tip.contains(/** @type {Node} */ (event.target))) return window.clearTimeout(timer);
    const element = triggerOf(event);
    if (element !== pressed) pressed = null;
    if (element && element === trigger) window.clearTimeout(timer);
    else if (element && element !== pressed && !hasControlBelow(event, element)) soon(() => void show(element), HOVER_MS);
    else if (trigger) soon(hide, LEAVE_MS);
    else window.clearTimeout(timer);
  });
  document.addEventListener("pointerdown", (event) => {
    byKeyboard = false;
    if (tip.contains(/** @type {Node} */ (event.target))) return;
    const element = triggerOf(event);
    pressed = event.pointerType === "touch" ? null : element;
    const again = element !== null && element === trigger;
    hide();
    if (event.pointerType !== "touch" || !element || again) return;
    const ticks = element instanceof HTMLLabelElement && element.control?.matches("[type=checkbox]");
    if (element.matches(TAPPED) && !ticks) void show(element);
    else soon(() => void show(element), PRESS_MS);
  });
  for (const end of ["pointerup", "pointercancel", "pointermove"]) {
    document.addEventListener(end, (event) => {
      const { pointerType, movementX, movementY } = /** @type {PointerEvent} */ (event);
      const rests = end === "pointermove" && Math.hypot(movementX, movementY) < 3;
      if (pointerType === "touch" && !trigger && !rests) window.clearTimeout(timer);
    }, { passive: true });
  }
  document.addEventListener("keydown", (event) => {
    byKeyboard = true;
    if (event.key === "Escape") hide();
  }, { capture: true });
  document.addEventListener("focusin", (event) => {
    const element = triggerOf(event);
    hide();
    if (element && byKeyboard) soon(() => void show(element), FOCUS_MS);
  });
  document.addEventListener("input", hide);
  document.addEventListener("scroll", (event) => {
    const isOwn = tip.contains(/** @type {Node} */ (event.target));
    if (trigger && !byKeyboard && !isOwn) hide();
  }, { capture: true, passive: true });
}

/** A label's words are its control's. @param {Element} element */
function describing(element) {
  return (element instanceof HTMLLabelElement && element.control) || element;
}

/** A field's own control is to be used, not explained under the pointer: its label is. @param {Event} event @param {Element} element */
function hasControlBelow(event, element) {
  return element === event.target && element.matches("input:not([type=radio], [type=checkbox]), select") && element.hasAttribute("data-explained");
}

/**
 * @param {Explanation & {formulas?: import("../draw/mathml.js").Tree[]}} words
 * @param {Dictionary | null} dictionary
 */
function contents(words, dictionary) {
  /** @type {HTMLElement[]} */
  const parts = [];
  if (words.title) parts.push(create("strong", {}, words.title));
  if (words.text) parts.push(create("p", {}, words.text));
  if (words.facts) parts.push(create("p", { class: "tip-facts" }, words.facts));
  if (words.choice) parts.push(create("strong", { class: "tip-choice" }, words.choice));
  if (words.choiceText) parts.push(create("p", {}, words.choiceText));
  const kind = dictionary?.kinds[words.kind ?? ""];
  const part = kind?.parts[words.name ?? ""];
  const formulas = [...(words.formulas ?? []), ...(part?.formulas ?? [])];
  if (formulas.length > 0) parts.push(create("div", { class: "tip-formulas" }, ...formulas.map(formula)));
  if (part && part.formulas.length > 0 && kind?.letters) parts.push(create("p", { class: "tip-facts" }, sentence(kind.letters)));
  if (part) parts.push(create("p", { class: "tip-facts" }, `Source: ${part.source}.`));
  return parts;
}
