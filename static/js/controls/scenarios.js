// Lecture scenarios: the picker, and the slim bar that leads through a scenario's scenes.

import { create, setText } from "../draw/dom.js";
import { allHold } from "../draw/expectations.js";

/** @typedef {import("../draw/expectations.js").Expectation} Expectation */
/** @typedef {{text: string, outcome: string, steps: number, expect: Expectation[], watch: string, commands: Record<string, unknown>[]}} Scene */
/** @typedef {{id: string, title: string, topic: string, lesson: string, experiment: unknown, scenes: Scene[]}} Scenario */
/** @typedef {{ok: boolean, number?: number}} Answer */

/**
 * @typedef {object} Hooks
 * @property {(command: Record<string, unknown>) => Promise<Answer>} apply
 * @property {() => Promise<unknown>} play
 * @property {() => Promise<unknown>} pause
 * @property {(sentence: string) => void} say
 * @property {(instrument: string) => void} watch the scene's instrument
 */

/** A scene is shown in about so long; a longer one trains faster than the default. */
const SCENE_SECONDS = 5;
const SPEED = 200;
/** A scene of so many steps takes no more than these. */
const EXACT = 10;
const KEY = "scenario";
/** Where arrows mean something else. */
const OWN_ARROWS = "input, select, textarea, canvas[tabindex], [role=slider], dialog";

/**
 * @param {HTMLSelectElement} picker
 * @param {HTMLElement} bar
 * @param {Hooks} hooks
 */
export function scenarioBar(picker, bar, hooks) {
  /** @type {Scenario[]} */
  let library = [];
  /** @type {Scenario | null} */
  let current = null;
  let at = 0;
  /** The number of the scene's last command: frames before it are of the scene before. */
  let since = 0;
  /** The step at which the scene began; null until its commands have arrived. @type {number | null} */
  let base = null;
  /** @type {(() => void) | null} */
  let rested = null;
  let held = false;
  let busy = false;
  /** Which way the last key or click pointed that came while a scene was opening. */
  let waiting = 0;

  const title = create("strong", { class: "scenario-title" });
  const count = create("span", { class: "scenario-count" });
  const text = create("p", { class: "scenario-text" });
  const outcome = create("p", { class: "scenario-outcome" });
  const previous = create("button", { type: "button", class: "pill-button" }, "Previous");
  const next = create("button", { type: "button", class: "pill-button strong" }, "Next");
  const close = create("button", { type: "button", class: "icon-button", "aria-label": "Close scenario", title: "Close: the experiment stays" }, "×");
  bar.append(create("div", { class: "scenario-head" }, title, count), create("div", { class: "scenario-words" }, text, outcome), create("div", { class: "scenario-moves" }, previous, next, close), create("div", { class: "scenario-present" }));

  previous.addEventListener("click", () => void move(-1));
  next.addEventListener("click", () => void move(1));
  close.addEventListener("click", leave);
  picker.addEventListener("change", () => {
    if (picker.value) void open(picker.value).then(settle);
    else leave();
  });
  document.addEventListener("keydown", (event) => {
    if (!current || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest(OWN_ARROWS)) return;
    // Page keys too: that is what a lecturer's clicker sends.
    const way = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    void move(way);
  });

  /** What comes while a scene is opening waits; of several the last is meant. @param {number} way */
  async function move(way) {
    if (busy) waiting = way;
    else await go(at + way).then(settle);
  }

  /** What had to wait. */
  function settle() {
    const way = waiting;
    waiting = 0;
    if (way !== 0) void move(way);
  }

  /** @param {Record<string, unknown>[]} commands */
  async function send(commands) {
    for (const command of commands) {
      const answer = await hooks.apply(command);
      if (!answer.ok) return false;
      since = answer.number ?? since;
    }
    return true;
  }

  /** @param {string} id */
  async function open(id) {
    const found = library.find((scenario) => scenario.id === id);
    if (!found || busy) return;
    busy = true;
    try {
      await hooks.pause();
      if (!(await send([{ name: "load", experiment: found.experiment }]))) return;
      current = found;
      await enter(0);
    } finally {
      busy = false;
    }
    const address = new URL(location.href);
    address.searchParams.set("scenario", id);
    address.hash = "";
    history.replaceState(null, "", address);
    hooks.say(`${found.title}. ${found.scenes[0].text}`);
  }

  /** Begin a scene; the first one waits for Play. @param {number} index */
  async function enter(index) {
    if (!current) return;
    const scene = current.scenes[index];
    at = index;
    held = false;
    base = null;
    show();
    hooks.watch(scene.watch);
    if (scene.steps === 0) await hooks.pause();
    since = Number.MAX_SAFE_INTEGER;
    await send([...scene.commands, { name: "speed", steps_per_second: Math.max(SPEED, Math.ceil(scene.steps / SCENE_SECONDS)) }]);
    if (index === 0 || scene.steps === 0) return;
    // Of so few steps none may be too many: what is stated holds after exactly these.
    if (scene.steps <= EXACT) await send([{ name: "step", count: scene.steps }]);
    else await hooks.play();
  }

  /** @param {number} index */
  async function go(index) {
    if (!current || busy || index < 0 || index >= current.scenes.length) return;
    if (index < at) {
      // What a scene changed can't be unlearned: backwards is the scenario from its start, up to there.
      const { id, scenes } = current;
      await open(id);
      for (const scene of scenes.slice(0, index)) {
        busy = true;
        await send(scene.commands);
        if (scene.steps === 0) continue;
        await send([{ name: "step", count: scene.steps }]);
        await new Promise((resolve) => { rested = () => resolve(null); });
      }
      busy = false;
      if (index === 0) return;
    }
    busy = true;
    try {
      await enter(index);
    } finally {
      busy = false;
    }
    hooks.say(current.scenes[index].text);
  }

  function leave() {
    current = null;
    waiting = 0;
    picker.value = "";
    const address = new URL(location.href);
    address.searchParams.delete("scenario");
    history.replaceState(null, "", address);
    remember();
    show();
  }

  function remember() {
    try {
      if (current) sessionStorage.setItem(KEY, JSON.stringify({ id: current.id, at }));
      else sessionStorage.removeItem(KEY);
    } catch {
      // Storage can be forbidden; a reload then begins the scenario anew.
    }
  }

  function show() {
    bar.hidden = current === null && document.documentElement.dataset.present === undefined;
    bar.dataset.empty = String(current === null);
    if (!current) {
      setText(text, "");
      setText(outcome, "");
      return;
    }
    picker.value = current.id;
    const scene = current.scenes[at];
    setText(title, current.title);
    title.title = current.lesson;
    setText(count, `${at + 1} of ${current.scenes.length}`);
    setText(text, scene.text);
    if (!held) setText(outcome, "");
    previous.disabled = at === 0;
    next.disabled = at === current.scenes.length - 1;
    remember();
  }

  return {
    /** The library has come. @param {Scenario[]} scenarios @param {string | null} wanted the id in the address */
    offer(scenarios, wanted) {
      library = scenarios;
      picker.append(create("option", { value: "" }, "None: your own experiment"));
      for (const topic of new Set(scenarios.map((scenario) => scenario.topic))) {
        const group = create("optgroup", { label: topic });
        group.append(...scenarios.filter((each) => each.topic === topic).map((each) => create("option", { value: each.id, title: each.lesson }, each.title)));
        picker.append(group);
      }
      if (!wanted) return;
      const kept = remembered();
      const found = library.find((scenario) => scenario.id === wanted);
      if (!found) hooks.say(`There is no scenario called ${wanted}.`);
      else if (kept?.id === wanted && kept.at < found.scenes.length) {
        // A reload: the session has kept its place, and so does the bar.
        current = found;
        at = kept.at;
        hooks.watch(found.scenes[at].watch);
        show();
      } else void open(wanted).then(settle);
    },
    /** Where the bar stands. */
    now: () => (current ? { id: current.id, at } : null),
    /** Show what another page shows, and command nothing. @param {string | null} id @param {number} scene */
    follow(id, scene) {
      const found = library.find((scenario) => scenario.id === id) ?? null;
      const index = Math.min(scene, (found?.scenes.length ?? 1) - 1);
      if (found === current && index === at) return;
      current = found;
      at = index;
      held = false;
      base = null;
      since = 0;
      if (!found) picker.value = "";
      show();
    },
    /** Also to be called when the layout has changed. */
    show,
    /** A frame has been drawn. @param {any} header @param {import("../draw/slice.js").Arrays} arrays */
    drawn(header, arrays) {
      if (header.command < since) return;
      if (rested && header.run_state !== "running") {
        rested();
        rested = null;
      }
      if (!current || held || busy) return;
      const scene = current.scenes[at];
      base ??= header.step;
      // A stopping rule may end it sooner; so few steps may be taken before the first frame.
      const exact = at > 0 && scene.steps <= EXACT && header.run_state === "paused";
      const over = header.step - Number(base) >= scene.steps || exact || ["diverged", "finished"].includes(header.run_state);
      if (!over) return;
      if (allHold(scene.expect, header, arrays)) {
        held = true;
        setText(outcome, `✓ ${scene.outcome}`);
        outcome.title = scene.expect.map((expected) => expected.text).join("; ");
        hooks.say(scene.outcome);
      }
    },
  };
}

/** @returns {{id: string, at: number} | null} */
function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}
