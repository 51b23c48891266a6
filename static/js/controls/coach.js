// The coach: one calm line that names what is wrong, the cures beside it, and a card that says why.

import { create, setText } from "../draw/dom.js";

/** @typedef {import("../draw/slice.js").Finding} Finding */
/** @typedef {import("../draw/slice.js").Cure} Cure */

/** @typedef {{apply: (command: Record<string, unknown>) => Promise<{ok: boolean, number?: number}>, play: () => Promise<unknown>, undo: () => Promise<unknown>}} Asks */

/** What is found is read out once it has lasted this long, and only when the illness is another one. */
const SETTLED_MS = 3000;
/** Cures beside the line; the card has them all. */
const OFFERED = 2;
const LEVELS = { info: "quiet", warning: "warning", error: "error" };

/**
 * @param {HTMLElement} element
 * @param {Asks} commands
 * @param {(sentence: string) => void} say
 */
export function coachLine(element, commands, say) {
  const icon = create("span", { class: "pill-icon", "aria-hidden": "true" });
  const title = create("span");
  const pill = create("button", { type: "button", class: "pill", "aria-expanded": "false", "aria-controls": "coach-card", "data-level": "quiet", "data-term": "diagnosis" }, icon, title);
  const seen = create("p", { class: "coach-seen" });
  const actions = create("div", { class: "coach-actions", role: "group", "aria-label": "Cures" });
  const card = create("div", { class: "coach-card", id: "coach-card", role: "group", "aria-label": "What the coach says", hidden: "" });
  element.append(pill, seen, actions, card);
  let told = "";
  let filled = "";
  let waiting = 0;
  /** The cure that was taken last: its command, and, once that is done, the words of what undo takes back. @type {{label: string, number: number, undo: string | null} | null} */
  let taken = null;

  pill.addEventListener("click", () => open(card.hidden === true));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || card.hidden) return;
    event.stopPropagation();
    open(false);
    pill.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!card.hidden && event.target instanceof Node && !element.contains(event.target)) open(false);
  });

  /** @param {boolean} wanted */
  function open(wanted) {
    card.hidden = !wanted;
    pill.setAttribute("aria-expanded", String(wanted));
  }

  /** @param {Cure} cure @param {boolean} strong */
  function button(cure, strong) {
    const made = create("button", { type: "button", class: strong ? "pill-button strong" : "pill-button" }, cure.label);
    made.addEventListener("click", async () => {
      const number = await take(cure, commands);
      if (number === null) return;
      taken = { label: cure.label, number, undo: null };
      open(false);
      filled = "";
      say(`${cure.label}: applied.`);
    });
    return made;
  }

  /** @param {Finding[]} findings */
  function fill(findings) {
    const [first] = findings;
    const cures = first ? first.cures.slice(0, OFFERED).map((cure, index) => button(cure, index === 0)) : [];
    if (taken) {
      const back = create("button", { type: "button", class: "pill-button" }, "Undo the cure");
      back.title = `Takes back: ${taken.label}`;
      back.addEventListener("click", () => {
        taken = null;
        filled = "";
        void commands.undo();
      });
      cures.push(back);
    }
    actions.replaceChildren(...cures);
    card.replaceChildren(...(findings.length > 0 ? findings.map(article) : [create("p", {}, "Gradients, units, loss and rate are looked at a few times a second. Nothing stands out.")]));
  }

  /** @param {Finding} finding */
  function article({ title: name, seen: words, why, formula, cures }) {
    return create(
      "article",
      {},
      create("h3", {}, name),
      create("p", {}, words),
      create("p", { class: "quiet" }, why),
      ...(formula ? [create("p", { class: "coach-formula" }, formula)] : []),
      create("div", { class: "banner-actions" }, ...cures.map((cure, index) => button(cure, index === 0))),
    );
  }

  /**
   * @param {Finding[]} findings the most serious first
   * @param {{step: number}} moment
   * @param {{command: number, undo?: string | null} | null} session how far it is, and the change that undo takes back, in words
   */
  return (findings, { step }, session) => {
    // Any other change since makes undo mean something else.
    if (taken && session && session.command >= taken.number) {
      const undo = session.undo ?? null;
      taken.undo ??= undo;
      if (taken.undo !== undo) taken = null;
    }
    const [first] = findings;
    const healthy = step > 0 ? "Nothing wrong" : "Not trained yet";
    pill.dataset.level = first ? LEVELS[first.severity] : step > 0 ? "good" : "quiet";
    setText(title, first ? first.title + (findings.length > 1 ? ` +${findings.length - 1}` : "") : healthy);
    setText(seen, first?.seen ?? (taken ? `Cured with: ${taken.label}` : ""));
    seen.title = seen.textContent ?? "";
    const ids = findings.map((each) => each.id).join();
    const key = JSON.stringify([findings.map(({ id, seen: words, cures }) => [id, card.hidden ? "" : words, cures.map((cure) => cure.label)]), taken]);
    // A button that is about to be pressed must not be made anew beneath the finger: only when something differs.
    if (key !== filled) {
      filled = key;
      fill(findings);
    }
    if (ids === told) return;
    told = ids;
    window.clearTimeout(waiting);
    if (first) waiting = window.setTimeout(() => say(`${first.title}. ${first.seen}`), SETTLED_MS);
  };
}

/**
 * A cure is taken as it comes; what it began anew goes on. Answers its last command's number, null where it was refused.
 * @param {Cure} cure
 * @param {Asks} commands
 */
export async function take({ commands: asked }, commands) {
  const resets = asked.some((command) => command.name === "reset");
  const goes = ["running", "diverged"].includes(document.body.dataset.runState ?? "");
  let number = 0;
  for (const command of asked) {
    const answer = await commands.apply(command);
    if (!answer.ok) return null;
    number = answer.number ?? 0;
  }
  if (resets && goes) await commands.play();
  return number;
}
