// A field of the schema as the control that fits it; the settings of a part; a section that may be absent.

import { create } from "../draw/dom.js";
import { settingsOf, valueOf } from "./fields.js";
import { partName } from "./parts.js";
import { choice, textField, toggle } from "./widgets.js";
import { explanationOf } from "./words.js";

/** @typedef {import("./parts.js").Reading} Reading */
/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./widgets.js").Widget} Widget */
/** @typedef {{path: string, widget: Widget, put: (now: Reading) => void}} Bound */

/**
 * @typedef {object} Place where a field's value stands
 * @property {string} path by which the server names it
 * @property {(now: Reading) => unknown} read undefined where layers differ
 * @property {(value: unknown) => void} change
 * @property {string} [text] what is seen, where the name is longer
 */

/** What every bound control shows, and what of it was refused. @param {Bound[]} bound @param {Reading} now */
export function putAll(bound, now) {
  for (const { path, widget, put } of bound) {
    put(now);
    widget.refuse(now.refused[path] ?? "");
  }
}

/**
 * The settings of whatever part stands somewhere now, drawn anew when that is another one.
 *
 * @param {Field} field
 * @param {string} heading
 * @param {(now: Reading) => unknown} part
 * @param {(setting: Field, bound: Bound[]) => HTMLElement | null} draw
 */
export function chosenPart(field, heading, part, draw) {
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
 * @param {Place} place
 * @returns {HTMLElement | null} null for what no control can hold
 */
export function drawField(field, name, bound, place) {
  const { path, read, change, text } = place;
  const explanation = () => explanationOf(field, name);
  if (field.kind === "section") return drawSection(field, name, bound, place);
  if (field.kind === "boolean") {
    const widget = toggle({ name, text, explanation, onChange: change });
    bound.push({ path, widget, put: (now) => widget.set(read(now) === true) });
    return widget.element;
  }
  if (field.kind === "choice" || field.kind === "part") {
    const options = field.nullable ? [{ name: "none", title: "None" }, ...field.choices] : field.choices;
    const widget = choice({ name, text, explanation: (now) => explanationOf(field, name, now), row: true, options, onChange: (chosen) => change(chosen === "none" && field.nullable ? null : chosen) });
    bound.push({ path, widget, put: (now) => {
      const value = read(now);
      widget.set(value === null ? "none" : partName(value));
    } });
    return widget.element;
  }
  if (field.kind !== "number" && field.kind !== "integer" && field.kind !== "text") return null;
  const widget = textField({
    name,
    text,
    explanation,
    numeric: field.kind !== "text",
    onChange(typed) {
      const value = valueOf(field, typed);
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

/**
 * What may be absent as a whole: a tick, and below it its own fields while it is there.
 *
 * @param {Field} field
 * @param {string} name
 * @param {Bound[]} bound
 * @param {Place} place
 */
function drawSection(field, name, bound, { path, read, change, text }) {
  const widget = toggle({
    name,
    text,
    explanation: () => explanationOf(field, name),
    onChange: (on) => change(on ? Object.fromEntries(field.item.map((inner) => [inner.path, inner.default])) : null),
  });
  const inner = create("div", { class: "more-fields inner-fields" });
  /** @param {Reading} now @returns {Record<string, unknown>} */
  const whole = (now) => /** @type {Record<string, unknown>} */ (read(now) ?? {});
  let last = /** @type {Record<string, unknown>} */ ({});
  bound.push({ path, widget, put: (now) => {
    last = whole(now);
    const on = read(now) !== null && read(now) !== undefined;
    widget.set(on);
    inner.hidden = !on;
  } });
  for (const each of field.item) {
    const drawn = drawField(each, `${name}: ${each.title.toLowerCase()}`, bound, {
      path: `${path}.${each.path}`,
      text: each.title,
      read: (now) => whole(now)[each.path] ?? each.default,
      change: (value) => change({ ...last, [each.path]: value }),
    });
    if (drawn) inner.append(drawn);
  }
  return create("div", { class: "optional-section" }, widget.element, inner);
}
