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
  /** Is there a server to take a cure to? */
  let isLive = true;
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
    made.disabled = !isLive;
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

  /** @param {Finding[]} findings @param {string} otherwise where there are none */
  function fill(findings, otherwise) {
    const [first] = findings;
    const cures = first ? first.cures.slice(0, OFFERED).map((cure, index) => button(cure, index === 0)) : [];
    if (taken) {
      const back = create("button", { type: "button", class: "pill-button" }, "Undo the cure");
      back.disabled = !isLive;
      back.title = `Takes back: ${taken.label}`;
      back.addEventListener("click", () => {
        taken = null;
        filled = "";
        void commands.undo();
      });
      cures.push(back);
    }
    actions.replaceChildren(...cures);
    card.replaceChildren(...(findings.length > 0 ? findings.map(article) : [create("p", {}, otherwise)]));
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
   * @param {{step: number, run_state: string, lab?: import("../draw/slice.js").LabHeader}} moment
   * @param {{connection: string, session: {command: number, undo?: string | null} | null}} page how far the session is, and the change that undo takes back, in words
   */
  return (moment, { connection, session }) => {
    const findings = moment.lab?.findings ?? [];
    isLive = connection === "live";
    // Any other change since makes undo mean something else.
    if (taken && session && session.command >= taken.number) {
      const undo = session.undo ?? null;
      taken.undo ??= undo;
      if (taken.undo !== undo) taken = null;
    }
    const [first] = findings;
    const silence = silenceOf(moment);
    pill.dataset.level = first ? LEVELS[first.severity] : silence.level;
    setText(title, first ? first.title + (findings.length > 1 ? ` +${findings.length - 1}` : "") : silence.title);
    setText(seen, first?.seen ?? (taken ? `Cured with: ${taken.label}` : ""));
    seen.title = seen.textContent ?? "";
    const ids = findings.map((each) => each.id).join();
    const key = JSON.stringify([findings.map(({ id, seen: words, cures }) => [id, card.hidden ? "" : words, cures.map((cure) => cure.label)]), taken, isLive, silence.title]);
    // A button that is about to be pressed must not be made anew beneath the finger: only when something differs.
    if (key !== filled) {
      filled = key;
      fill(findings, silence.words);
    }
    if (ids === told) return;
    told = ids;
    window.clearTimeout(waiting);
    if (first) waiting = window.setTimeout(() => say(`${first.title}. ${first.seen}`), SETTLED_MS);
  };
}

/** What it means that nothing was found. @param {{step: number, run_state: string, lab?: {looked: boolean}}} moment */
export function silenceOf({ step, run_state, lab }) {
  if (step === 0) return { level: "quiet", title: "Not trained yet", words: "Gradients, units, loss and rate are looked at a few times a second while training." };
  if (lab?.looked) return { level: "good", title: "Nothing wrong", words: "Gradients, units, loss and rate are looked at a few times a second. Nothing stands out." };
  const title = run_state === "running" ? "Looking …" : "Not looked yet";
  return { level: "quiet", title, words: "Something was changed or opened. The coach speaks once it has looked at enough steps of training since, some 200." };
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
