/** What comes into one neuron: its weights and its bias. Pure. */

import { weightMatrices } from "./slice.js";

/**
 * @param {import("./slice.js").Slice} slice
 * @param {number} layer 1 is the first hidden one
 * @param {number} unit
 * @returns {{bias: number, weights: number[], pooled: boolean} | null} no weights where only their means travel
 */
export function incoming(slice, layer, unit) {
  const found = weightMatrices(slice);
  const matrix = found?.matrices[layer - 1];
  const bias = found?.biases[layer - 1]?.[unit];
  if (!matrix || bias === undefined) return null;
  if (matrix.pooled) return { bias, weights: [], pooled: true };
  const weights = Array.from({ length: matrix.rows }, (_, row) => matrix.values[row * matrix.columns + unit]);
  return { bias, weights, pooled: false };
}

/**
 * How far a slider goes to both sides for numbers like these: 2, 5, 10, 20 …, half as far again as the largest.
 * @param {number[]} values
 */
export function reach(values) {
  const largest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  const wanted = Math.max(2, 1.5 * largest);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= wanted) ?? wanted;
}
