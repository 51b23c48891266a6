// "More": every field of the schema that has no place of its own, and the settings of the parts that were chosen.

import { create } from "../draw/dom.js";
import { chosenPart, drawField, putAll } from "./drawn.js";
import { commonValue, hiddenLayers, partName, settingOf } from "./parts.js";

/** @typedef {import("./parts.js").Reading} Reading */
/** @typedef {import("../flow/commands.js").Commands} Commands */
/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./drawn.js").Bound} Bound */

/** Fields with a place of their own: in the header, the form's first groups, over the network. */
const PLACED = new Set([
  "version", "training.learning_rate", "training.optimizer", "training.loss", "training.batch_size", "training.clip_norm",
  "data.name", "data.noise", "data.train_fraction", "data.features", "units", "activation", "initializer",
]);

const GROUPS = [
  { prefix: "training.stop.", title: "Stop by itself" },
  { prefix: "training.", title: "Training" },
  { prefix: "network.output.", title: "Output layer" },
  { prefix: "", title: "Run" },
];

/**
 * @param {HTMLElement} element
 * @param {Field[]} fields
 * @param {Commands} commands
 * @param {() => Reading} read
 * @returns {(now: Reading) => void}
 */
export function moreFields(element, fields, commands, read) {
  /** @type {Bound[]} */
  const fixed = [];
  const hidden = fields.find((field) => field.path === "network.hidden");
  const grouped = new Map(GROUPS.map((group) => [group.title, /** @type {Field[]} */ ([])]));
  for (const field of fields) {
    if (PLACED.has(field.path) || field.path === "data" || field.kind === "list") continue;
    const group = GROUPS.find(({ prefix }) => field.path.startsWith(prefix));
    if (group) grouped.get(group.title)?.push(field);
  }

  /** @param {Field} field @param {string} path @param {string} title @param {Bound[]} bound */
  const own = (field, path, title, bound) =>
    drawField(field, title, bound, { path, read: (now) => now.value(path) ?? field.default, change: (value) => commands.edit(path, value) });

  /** @param {Field} field @param {string} path @param {(now: Reading) => unknown} part @param {string} [title] */
  const settings = (field, path, part, title) =>
    chosenPart(field, title ?? field.title, part, (setting, bound) =>
      PLACED.has(`${path}.${setting.path}`) ? null : own(setting, `${path}.${setting.path}`, setting.title, bound));

  const chosen = fields
    .filter((field) => field.kind === "part")
    .map((field) => settings(field, field.path, (now) => now.value(field.path) ?? field.default, titleOf(field)));
  for (const field of hidden?.item ?? []) {
    if (field.kind !== "part") continue;
    const part = (/** @type {Reading} */ now) => commonValue(now, field.path, field.default);
    const path = `network.hidden.all.${field.path}`;
    chosen.unshift(chosenPart(field, field.title, part, (setting, bound) => {
      const value = (/** @type {Reading} */ now) => settingOf(part(now), setting.path) ?? setting.default;
      /** @param {unknown} next */
      const set = (next) => {
        const now = part(read());
        const whole = typeof now === "object" && now !== null ? now : { name: partName(now) };
        commands.setLayers(hiddenLayers(read()), field.path, { ...whole, [setting.path]: next });
      };
      return drawField(setting, setting.title, bound, { path, read: value, change: set });
    }));
  }
  element.append(...chosen.map((part) => part.element));
  const layers = create("div", { class: "more-fields" });
  for (const field of hidden?.item ?? []) {
    if (PLACED.has(field.path)) continue;
    const path = `network.hidden.all.${field.path}`;
    const common = (/** @type {Reading} */ now) => commonValue(now, field.path, field.default);
    const set = (/** @type {unknown} */ value) => commands.setLayers(hiddenLayers(read()), field.path, value);
    const drawn = drawField(field, field.title, fixed, { path, read: common, change: set });
    if (drawn) layers.append(drawn);
  }
  if (layers.childElementCount > 0) element.append(create("h3", {}, "All hidden layers"), layers);
  for (const [title, group] of grouped) {
    const list = create("div", { class: "more-fields" });
    for (const field of group) {
      const drawn = own(field, field.path, titleOf(field), fixed);
      if (drawn) list.append(drawn);
    }
    if (list.childElementCount > 0) element.append(create("h3", {}, title), list);
  }

  return (now) => {
    for (const part of chosen) part.show(now);
    putAll([...fixed, ...chosen.flatMap((part) => part.bound)], now);
  };
}

/** The output layer's own words: not even a part of its names may be that of the hidden layers' control. @param {Field} field */
function titleOf(field) {
  return field.path.startsWith("network.output.") ? `Output ${field.path.split(".").at(-1)}` : field.title;
}
