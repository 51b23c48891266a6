// "More": every field of the schema that has no place of its own, and the settings of the parts that were chosen.

import { create } from "../draw/dom.js";
import { settingsOf, valueOf } from "./fields.js";
import { commonValue, hiddenLayers, partName } from "./parts.js";
import { choice, textField, toggle } from "./widgets.js";

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
  const parts = fields.filter((field) => field.kind === "part");
  const grouped = new Map(GROUPS.map((group) => [group.title, /** @type {Field[]} */ ([])]));
  for (const field of fields) {
    if (PLACED.has(field.path) || field.path === "data" || field.kind === "list") continue;
    const group = GROUPS.find(({ prefix }) => field.path.startsWith(prefix));
    if (group) grouped.get(group.title)?.push(field);
  }

  /** @param {Field} field @param {string} path @param {string} title @param {Bound[]} bound */
  const own = (field, path, title, bound) =>
    drawField(field, title, bound, path, (now) => now.value(path) ?? field.default, (value) => commands.edit(path, value));

  const chosen = parts.map((field) => chosenPart(field, own));
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
      const prefix = field.path.startsWith("network.output.") ? "Output " : "";
      const drawn = own(field, field.path, prefix ? prefix + field.title.toLowerCase() : field.title, fixed);
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

/**
 * The settings of whatever part a field holds now, drawn anew when that is another one.
 *
 * @param {Field} field
 * @param {(field: Field, path: string, title: string, bound: Bound[]) => HTMLElement | null} draw
 */
function chosenPart(field, draw) {
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
      const chosen = partName(now.value(field.path) ?? field.default);
      if (chosen === name) return;
      name = chosen;
      bound = [];
      const list = create("div", { class: "more-fields" });
      for (const setting of settingsOf(field, name)) {
        const path = `${field.path}.${setting.path}`;
        if (PLACED.has(path)) continue;
        const drawn = draw(setting, path, setting.title, bound);
        if (drawn) list.append(drawn);
      }
      const title = field.choices.find((one) => one.name === name)?.title ?? name;
      element.replaceChildren(...(bound.length > 0 ? [create("h3", {}, `${field.title}: ${title}`), list] : []));
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
  const help = field.help + (field.unit ? ` (${field.unit})` : "");
  if (field.kind === "boolean") {
    const widget = toggle({ name, help, onChange: change });
    bound.push({ path, widget, put: (now) => widget.set(read(now) === true) });
    return widget.element;
  }
  if (field.kind === "choice" || field.kind === "part") {
    const options = field.nullable ? [{ name: "none", title: "None" }, ...field.choices] : field.choices;
    const widget = choice({ name, help, row: true, options, onChange: (chosen) => change(chosen === "none" && field.nullable ? null : chosen) });
    bound.push({ path, widget, put: (now) => {
      const value = read(now);
      widget.set(value === null ? "none" : partName(value));
    } });
    return widget.element;
  }
  if (field.kind !== "number" && field.kind !== "integer" && field.kind !== "text") return null;
  const widget = textField({
    name,
    help,
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
