// Explanations in words: what a field allows and where it starts. No DOM.

import { plainNumber } from "./scale.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("../draw/mathml.js").Tree} Tree */

/**
 * @typedef {object} Explanation
 * @property {string} title
 * @property {string} text
 * @property {string} [facts] bounds, unit, default
 * @property {string} [kind] of the part that is chosen, with `name`: its formulas and source are looked up
 * @property {string} [name]
 * @property {string} [choice] the chosen part's title
 * @property {string} [choiceText]
 */

/**
 * @typedef {object} Dictionary what the server explains
 * @property {Record<string, {letters: string, parts: Record<string, {source: string, formulas: Tree[]}>}>} kinds
 * @property {Record<string, {title: string, text: string, formulas: Tree[]}>} terms
 */

/**
 * Bounds, unit and default of a number, as one line; "" where there is nothing to say.
 *
 * @param {Field} field
 */
export function factsOf(field) {
  if (field.kind !== "number" && field.kind !== "integer") return "";
  const facts = [boundsOf(field), field.unit, defaultOf(field)].filter(Boolean);
  return facts.join(" \u00b7 ");
}

/** @param {number} value */
function figure(value) {
  if (value === 0) return "0";
  return value < 0 ? `\u2212${plainNumber(-value)}` : plainNumber(value);
}

/** Beyond this a bound is the format's, not the field's. */
const FAR = 1e15;

/** @param {Field} field */
function boundsOf({ minimum, maximum, open_minimum, open_maximum }) {
  const low = minimum === null ? "" : `${open_minimum ? "above" : "from"} ${figure(minimum)}`;
  const high = maximum === null || maximum > FAR ? "" : `${open_maximum ? "below" : "to"} ${figure(maximum)}`;
  return [low, high].filter(Boolean).join(" ");
}

/** @param {Field} field */
function defaultOf(field) {
  if (field.default === null) return field.nullable ? "empty: off" : "";
  return typeof field.default === "number" ? `default ${figure(field.default)}` : "";
}

/**
 * A field's help; for one that holds a part, with the part that is chosen.
 *
 * @param {Field} field
 * @param {string} title
 * @param {string} [chosen]
 * @returns {Explanation}
 */
export function explanationOf(field, title, chosen = "") {
  const choice = field.choices.find((one) => one.name === chosen);
  return {
    title,
    text: sentence(field.help),
    facts: factsOf(field),
    ...(choice ? { choice: choice.title, choiceText: sentence(choice.help), kind: field.part_kind, name: choice.name } : {}),
  };
}

/** Help is written as a phrase, with names in backticks; shown alone it is a sentence. @param {string} text */
export function sentence(text) {
  const trimmed = text.trim().replaceAll("`", "");
  if (!trimmed) return "";
  // A formula or a name at the start keeps its letter.
  const start = /^[a-z]{2,}[ ,]/.test(trimmed) ? trimmed[0].toUpperCase() + trimmed.slice(1) : trimmed;
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
