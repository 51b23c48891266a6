// The data: a radio per set with its picture, the input features, a new sample.

import { create, setText } from "../draw/dom.js";
import { explain } from "./explain.js";
import { partName } from "./parts.js";
import { sentence } from "./words.js";

/** @typedef {import("./parts.js").Reading} Reading */
/** @typedef {import("../flow/commands.js").Commands} Commands */
/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./fields.js").Choice} Choice */
/** @typedef {(canvas: HTMLCanvasElement, name: string, box: {width: number, height: number}) => void} Draw */

/** Its rows have to come from somewhere: it is offered once there was one (see the menu “File and share”). */
const WITHOUT_ROWS = "csv";

/** Settings that a set deals anew: what was typed for one sample says nothing about another. */
const NOT_CARRIED = new Set(["name", "seed"]);

/**
 * @param {HTMLElement} element
 * @param {Field} field the part `data`
 * @param {Commands} commands
 * @param {() => Reading} read
 * @param {Draw} drawDataset
 */
export function dataTiles(element, field, commands, read, drawDataset) {
  const title = create("h2", { id: "data-title" }, "Data");
  const sample = create("button", { type: "button", class: "pill-button" }, "New sample");
  sample.dataset.term = "new_sample";
  const group = create("div", { class: "data-sets", role: "radiogroup", "aria-label": "Data set" });
  /** @type {Map<string, HTMLElement>} */
  const lists = new Map();
  const error = create("p", { class: "field-error", id: "data-error" });
  element.append(create("div", { class: "group-head" }, title, sample), group, error);

  /** @type {Map<string, HTMLInputElement>} */
  const radios = new Map();
  /** @type {{canvas: HTMLCanvasElement, name: string}[]} */
  const drawn = [];
  /** The settings of one's own table, while it is in the session. @type {unknown} */
  let ownTable = null;
  /** @type {HTMLElement | null} */
  let ownChip = null;
  for (const choice of field.choices) {
    const input = create("input", { type: "radio", name: "data-set", value: choice.name });
    const isOwn = choice.name === WITHOUT_ROWS;
    input.addEventListener("change", () => commands.edit("data", isOwn ? ownTable : carriedOver(read(), choice)));
    radios.set(choice.name, input);
    const list = listOf(choice, group, lists);
    if (isPicture(choice)) {
      const canvas = create("canvas", { "aria-hidden": "true" });
      drawn.push({ canvas, name: choice.name });
      list.append(tile(input, canvas, choice, "data set"));
    } else {
      const chip = create("label", { class: "chip" }, input, create("span", {}, isOwn ? "Your table" : choice.title));
      explain(() => choiceExplained(choice, "data set"), chip, input);
      chip.hidden = isOwn;
      if (isOwn) ownChip = chip;
      list.append(chip);
    }
  }
  sample.addEventListener("click", () => {
    const now = read();
    commands.edit("data.seed", (now.value("data.seed") ?? now.value("seed") ?? 0) + 1);
  });

  return {
    /** @param {Reading} now */
    show(now) {
      const chosen = partName(now.value("data"));
      if (chosen === WITHOUT_ROWS) {
        ownTable = now.value("data");
        if (ownChip) ownChip.hidden = false;
      }
      for (const [name, input] of radios) input.checked = name === chosen;
      setText(error, now.refused.data ?? now.refused["data.seed"] ?? "");
    },
    /** In the colours of the mode. */
    draw() {
      drawAll(drawn, drawDataset);
    },
  };
}

/**
 * A checkbox for each feature of a plane's points.
 *
 * @param {HTMLElement} element
 * @param {Field} field the part `data`
 * @param {Commands} commands
 * @param {() => Reading} read
 * @param {Draw} drawFeature
 */
export function featureTiles(element, field, commands, read, drawFeature) {
  const features = field.choices
    .flatMap((choice) => choice.settings)
    .find((setting) => setting.path === "features");
  const tiles = create("div", { class: "tiles features", role: "group", "aria-labelledby": "features-title" });
  const error = create("p", { class: "field-error" });
  element.append(create("div", { class: "group-head" }, create("h2", { id: "features-title" }, "Input features")), tiles, error);

  /** @param {Reading} now @returns {string[]} */
  const chosenIn = (now) => now.value("data.features") ?? features?.default ?? [];
  const entries = (features?.choices ?? []).map((choice) => {
    const input = create("input", { type: "checkbox", value: choice.name });
    const canvas = create("canvas", { "aria-hidden": "true" });
    input.addEventListener("change", () => {
      const before = chosenIn(read());
      const order = entries.map((entry) => entry.name);
      const after = order.filter((name) => (name === choice.name ? input.checked : before.includes(name)));
      commands.edit("data.features", after);
    });
    tiles.append(tile(input, canvas, choice, "feature"));
    return { name: choice.name, input, canvas };
  });

  return {
    /** @param {Reading} now */
    show(now) {
      const set = field.choices.find((choice) => choice.name === partName(now.value("data")));
      element.hidden = !set?.settings.some((setting) => setting.path === "features");
      const chosen = chosenIn(now);
      for (const entry of entries) entry.input.checked = chosen.includes(entry.name);
      setText(error, now.refused["data.features"] ?? "");
    },
    /** In the colours of the mode. */
    draw() {
      drawAll(entries, drawFeature);
    },
  };
}

/**
 * Asks for all boxes first: each canvas that gets its pixels makes the next question lay out the page again.
 *
 * @param {{canvas: HTMLCanvasElement, name: string}[]} entries
 * @param {Draw} draw
 */
function drawAll(entries, draw) {
  const boxes = entries.map(({ canvas }) => ({ width: canvas.clientWidth, height: canvas.clientHeight }));
  entries.forEach(({ canvas, name }, index) => draw(canvas, name, boxes[index]));
}

/**
 * @param {HTMLInputElement} input
 * @param {HTMLCanvasElement} canvas
 * @param {Choice} choice
 * @param {string} kind
 */
function tile(input, canvas, choice, kind) {
  const picture = create("span", { class: "tile-picture" }, canvas);
  const element = create("label", { class: "tile" }, input, picture, create("span", { class: "tile-title" }, choice.title));
  explain(() => choiceExplained(choice, kind), element, input);
  return element;
}

/** @param {Choice} choice @param {string} kind */
function choiceExplained(choice, kind) {
  return { title: choice.title, text: sentence(choice.help), kind, name: choice.name };
}

/**
 * The list under the heading of the choice's kind of problem.
 *
 * @param {Choice} choice
 * @param {HTMLElement} group
 * @param {Map<string, HTMLElement>} lists by heading
 */
function listOf(choice, group, lists) {
  const heading = String(choice.schema["x-group"] ?? "");
  const known = lists.get(heading);
  if (known) return known;
  const list = create("div", { class: isPicture(choice) ? "tiles" : "chips", role: "presentation" });
  group.append(create("span", { class: "data-kind" }, heading), list);
  lists.set(heading, list);
  return list;
}

/** Points on a plane or along a line can be drawn small; a table can't. @param {Choice} choice */
function isPicture(choice) {
  return choice.settings.some((setting) => setting.path === "noise");
}

/**
 * The new set with the settings of the old one that it shares: who set the noise to 10 % wants to see it on the other set too.
 *
 * @param {Reading} reading
 * @param {Choice} choice
 */
function carriedOver(reading, choice) {
  const now = reading.value("data");
  /** @type {Record<string, unknown>} */
  const settings = { name: choice.name };
  if (now === null || typeof now !== "object") return settings;
  const known = new Set(choice.settings.map((setting) => setting.path));
  for (const [key, value] of Object.entries(now)) {
    if (known.has(key) && !NOT_CARRIED.has(key)) settings[key] = value;
  }
  return settings;
}
