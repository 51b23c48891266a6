/** The quantities that the gradient lab shows of each layer: name on the wire, word, and what exactly it is. Pure. */

import { MINUS } from "./format.js";

/**
 * @typedef {object} Quantity
 * @property {string} name of its array in a frame; `map_` before it gives it over time
 * @property {string} word
 * @property {string} meaning which norm, of what, over which batch
 * @property {"back" | "forward" | null} flows which way through the network it is carried
 * @property {string} [zero] what an exact zero means
 */

/** @type {Quantity[]} */
export const QUANTITIES = [
  { name: "delta_norm", word: "‖delta‖", meaning: "∂loss/∂z, root mean square over the minibatch", flows: "back" },
  { name: "weight_gradient_norm", word: "‖dw‖", meaning: "∂loss/∂w of the minibatch, Frobenius norm, before clipping", flows: "back" },
  { name: "weight_gradient_norm_clipped", word: "‖dw‖ applied", meaning: "∂loss/∂w of the minibatch, Frobenius norm, with penalties and after clipping", flows: "back" },
  { name: "activation_norm", word: "‖a‖", meaning: "activations, root mean square over the minibatch", flows: "forward" },
  { name: "update_ratio", word: "update ÷ weight", meaning: "‖update‖₂ ÷ ‖w‖₂ of one step", flows: null, zero: "no update" },
];

/** The distributions that can be chosen; all but the first are measured only while somebody looks. */
export const DISTRIBUTIONS = [
  { name: "activation", title: "Activations now", short: "a" },
  { name: "z", title: "Pre-activations now", short: "z" },
  { name: "weight", title: "Weights now", short: "w" },
  { name: "weight_gradient", title: "Gradients dw now", short: "dw" },
];

/** @param {string | undefined} name */
export function quantityOf(name) {
  return QUANTITIES.find((each) => each.name === name) ?? QUANTITIES[0];
}

/**
 * Decades a layer *towards the input*, by least squares over the layers `first` … `last` (from 1); null without a line.
 * @param {ArrayLike<number>} norms input side first
 * @param {number} first
 * @param {number} last
 * @returns {number | null}
 */
export function slopeTowardsInput(norms, first, last) {
  let count = 0;
  let [sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0];
  for (let layer = first; layer <= last; layer += 1) {
    const value = norms[layer - 1];
    if (!(value > 0) || !Number.isFinite(value)) return null;
    const y = Math.log10(value);
    count += 1;
    sumX += layer;
    sumY += y;
    sumXX += layer * layer;
    sumXY += layer * y;
  }
  const spread = count * sumXX - sumX * sumX;
  return count < 2 || spread <= 0 ? null : -(count * sumXY - sumX * sumY) / spread;
}

/**
 * A slope as it is read: `−0.302`.
 * @param {number | null | undefined} slope
 */
export function slopeWords(slope) {
  if (slope === null || slope === undefined || !Number.isFinite(slope)) return "–";
  const text = Math.abs(slope).toFixed(3);
  return Number(text) === 0 ? text : `${slope < 0 ? MINUS : "+"}${text}`;
}

/**
 * @typedef {object} Theory
 * @property {number | null} slope
 * @property {number | null} slope_low
 * @property {number | null} slope_high
 * @property {number | null} measured_slope
 * @property {number} first
 * @property {number} last
 * @property {boolean} applies
 * @property {string | null} reason
 */

/**
 * What the line under the lab's title says of the slope that is measured, and of theory where it speaks.
 * @param {Quantity} quantity
 * @param {ArrayLike<number> | undefined} norms
 * @param {Theory | undefined} theory
 */
export function slopeSentence(quantity, norms, theory) {
  if (!norms || !theory || theory.last <= theory.first) return "";
  const delta = quantity.name === "delta_norm";
  const measured = delta ? theory.measured_slope : slopeTowardsInput(norms, theory.first, theory.last);
  if (measured === null) return "";
  const own = `${quantity.word} measured ${slopeWords(measured)} decades per layer towards the input`;
  if (!delta) return own;
  if (theory.slope === null) return theory.reason ? `${own}; no theory: ${theory.reason}` : own;
  const band = theory.slope_low === null ? "" : ` (9 of 10 nets this wide: ${slopeWords(theory.slope_low)} … ${slopeWords(theory.slope_high)})`;
  return theory.applies
    ? `${own}, theory ${slopeWords(theory.slope)}${band}`
    : `${own}, theory for the untrained net ${slopeWords(theory.slope)}; it no longer applies: ${theory.reason}`;
}
