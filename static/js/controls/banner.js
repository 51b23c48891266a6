// The banner over the network: what a run that broke, ended or is out of reach needs to have said, and what to do about it.

import { create } from "../draw/dom.js";
import { thousands } from "../draw/format.js";

/** @typedef {import("../draw/slice.js").Cure} Cure */
/** @typedef {{step: number, layer: number | null, what?: string}} Divergence */
/**
 * @typedef {object} Standing
 * @property {string} connection
 * @property {string} reason why there is no room
 * @property {number} step the step last drawn
 * @property {Divergence | null} diverged
 * @property {string | null} finished which rule ended the run
 * @property {number} layers the output layer included
 * @property {Cure[]} cures what the coach offers against the divergence
 */

/** @typedef {{kind: string, level: "error" | "info", title: string, text: string}} Words */

/** What is to be said; null where nothing is. @param {Standing} now @returns {Words | null} */
export function wordsOf({ connection, reason, step, diverged, finished, layers }) {
  if (connection === "lost") {
    const seen = step > 0 ? `What you see is step ${thousands(step)}, the last that came. ` : "";
    return { kind: "lost", level: "info", title: "The server is out of reach", text: `${seen}Trying again by itself; training is kept, and the page goes on from there.` };
  }
  if (connection === "refused") return { kind: "refused", level: "error", title: "No room on the server", text: reason && `${sentence(reason)}.` };
  if (diverged) {
    const where = diverged.layer === null ? "" : diverged.layer >= layers ? ", in the output layer" : `, in layer ${diverged.layer}`;
    const what = diverged.what ? `${sentence(diverged.what)} is no longer a finite number. ` : "";
    return { kind: "diverged", level: "error", title: `Training diverged at step ${diverged.step}${where}`, text: `${what}The last finite weights are kept. Each of these starts over from step 0:` };
  }
  if (finished) return { kind: "finished", level: "info", title: `Finished at step ${thousands(step)}`, text: `${sentence(finished)}. To go on, change “Stop by itself” under More, or reset.` };
  return null;
}

/**
 * @param {HTMLElement} element an alert, read out when it is filled
 * @param {{cure: (cure: Cure) => void, reset: () => void}} acts
 */
export function runBanner(element, acts) {
  let said = "";
  /** What was put away, until something else is to be said. */
  let away = "";
  /** @param {string} text @param {() => void} act @param {boolean} [strong] */
  function button(text, act, strong = false) {
    const made = create("button", { type: "button", class: strong ? "pill-button strong" : "pill-button" }, text);
    made.addEventListener("click", act);
    return made;
  }

  return (/** @type {Standing} */ now) => {
    const words = wordsOf(now);
    const cures = words?.kind === "diverged" ? chosen(now.cures) : [];
    const key = words ? JSON.stringify([words, cures.map(({ label }) => label)]) : "";
    if (key !== away) away = "";
    if (key === said) return;
    said = key;
    element.hidden = words === null || key === away;
    if (words === null) {
      element.replaceChildren();
      return;
    }
    element.dataset.level = words.level;
    element.dataset.kind = words.kind;
    const actions = cures.map((cure, index) => button(cure.label, () => acts.cure(cure), index === 0));
    if (words.kind === "diverged") actions.push(button("Start over", acts.reset, actions.length === 0));
    element.replaceChildren(create("h3", {}, words.title), create("p", {}, words.text));
    if (actions.length > 0) element.append(create("div", { class: "banner-actions" }, ...actions));
    if (words.kind !== "finished" && words.kind !== "diverged") return;
    const close = create("button", { type: "button", class: "icon-button banner-close", "aria-label": "Put away" }, "×");
    close.addEventListener("click", () => {
      away = key;
      element.hidden = true;
    });
    element.append(close);
  };
}

/** The calmer rate, and the bound on the gradient: one of each kind. @param {Cure[]} cures */
function chosen(cures) {
  const bound = cures.find(({ label }) => label.startsWith("Clip"));
  return [...cures.slice(0, 1), ...(bound && bound !== cures[0] ? [bound] : [])];
}

/** @param {string} text */
function sentence(text) {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
