// "More": every field of the schema that has no place of its own, and the settings of the parts that were chosen.

import { create } from "../draw/dom.js";
import { settingsOf, valueOf } from "./fields.js";
import { commonValue, hiddenLayers, partName, settingOf } from "./parts.js";
import { choice, textField, toggle } from "./widgets.js";
import { explanationOf } from "./words.js";

/** @typedef {import("./parts.js").Reading} Reading */
/** @typedef {import("../flow/commands.js").Commands} Commands */
/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./widgets.js").Widget} Widget */

/** Fields with a place of their own: in the header, the form's first groups, over the network. */
const PLACED = new Set([
  "version", "training.learning_rate", "training.optimizer", "training.loss", "training.batch_size", "training.clip_norm",
  "data.name", "data.noise", "data.train_fraction", "data.features", "units", "activation", "initializer", "residual",
]);

const GROUPS = [
  { prefix: "training.stop.", title: "Stop by itself" },
  { prefix: "training.", title: "Training" },
  { prefix: "network.output.", title: "Output layer" },
  { prefix: "", title: "Run" },
];

/** @typedef {{path: string, widget: Widget, put: (now: Reading) => void}} Bound */

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
    drawField(field, title, bound, path, (now) => now.value(path) ?? field.default, (value) => commands.edit(path, value));

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
      return drawField(setting, setting.title, bound, path, value, set);
    }));
  }
  element.append(...chosen.map((part) => part.element));
  const layers = create("div", { class: "more-fields" });
  for (const field of hidden?.item ?? []) {
    if (PLACED.has(field.path)) continue;
    const path = `network.hidden.all.${field.path}`;
    const common = (/** @type {Reading} */ now) => commonValue(now, field.path, field.default);
    const set = (/** @type {unknown} */ value) => commands.setLayers(hiddenLayers(read()), field.path, value);
    const drawn = drawField(field, field.title, fixed, path, common, set);
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
    for (const { path, widget, put } of [...fixed, ...chosen.flatMap((part) => part.bound)]) {
      put(now);
      widget.refuse(now.refused[path] ?? "");
    }
  };
}

/** The output layer's own words: not even a part of its names may be that of the hidden layers' control. @param {Field} field */
function titleOf(field) {
  return field.path.startsWith("network.output.") ? `Output ${field.path.split(".").at(-1)}` : field.title;
}

/**
 * The settings of whatever part stands somewhere now, drawn anew when that is another one.
 *
 * @param {Field} field
 * @param {string} heading
 * @param {(now: Reading) => unknown} part
 * @param {(setting: Field, bound: Bound[]) => HTMLElement | null} draw
 */
function chosenPart(field, heading, part, draw) {
  const element = create("section", { class: "chosen-part" });
  /** @type {Bound[]} */
  let bound = [];
  let name = "";
  return {
    element,
    get bound() {
      return bound;
    },
    /** @param {Reading} now */
    show(now) {
      const chosen = partName(part(now));
      if (chosen === name) return;
      name = chosen;
      bound = [];
      const list = create("div", { class: "more-fields" });
      for (const setting of settingsOf(field, name)) {
        const drawn = draw(setting, bound);
        if (drawn) list.append(drawn);
      }
      const title = field.choices.find((one) => one.name === name)?.title ?? name;
      element.replaceChildren(...(bound.length > 0 ? [create("h3", {}, `${heading}: ${title}`), list] : []));
    },
  };
}

/**
 * @param {Field} field
 * @param {string} name
 * @param {Bound[]} bound
 * @param {string} path
 * @param {(now: Reading) => unknown} read undefined where layers differ
 * @param {(value: unknown) => void} change
 * @returns {HTMLElement | null} null for what no control can hold
 */
function drawField(field, name, bound, path, read, change) {
  const explanation = () => explanationOf(field, name);
  if (field.kind === "boolean") {
    const widget = toggle({ name, explanation, onChange: change });
    bound.push({ path, widget, put: (now) => widget.set(read(now) === true) });
    return widget.element;
  }
  if (field.kind === "choice" || field.kind === "part") {
    const options = field.nullable ? [{ name: "none", title: "None" }, ...field.choices] : field.choices;
    const widget = choice({ name, explanation: (now) => explanationOf(field, name, now), row: true, options, onChange: (chosen) => change(chosen === "none" && field.nullable ? null : chosen) });
    bound.push({ path, widget, put: (now) => {
      const value = read(now);
      widget.set(value === null ? "none" : partName(value));
    } });
    return widget.element;
  }
  if (field.kind !== "number" && field.kind !== "integer" && field.kind !== "text") return null;
  const widget = textField({
    name,
    explanation,
    numeric: field.kind !== "text",
    onChange(text) {
      const value = valueOf(field, text);
      if (value !== undefined) change(value);
      return value !== undefined;
    },
  });
  bound.push({ path, widget, put: (now) => {
    const value = read(now);
    widget.set(value === null || value === undefined ? "" : String(value));
  } });
  return widget.element;
}
