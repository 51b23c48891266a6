/** What lies under a point of the network picture, in words: a neuron, a link, a cell of a matrix. Pure. */

import { precise, unitName } from "./format.js";
import { linkDistance } from "./links.js";

/** @typedef {import("./network_layout.js").NetworkLayout} NetworkLayout */
/** @typedef {import("./network_layout.js").Gap} Gap */
/** @typedef {import("./slice.js").NetworkHeader} NetworkHeader */
/** @typedef {{matrices: import("./slice.js").WeightMatrix[], biases: ArrayLike<number>[]}} Weights */

/** How far from a link the pointer still means it, px. */
const NEAR = 5;

/**
 * @param {NetworkHeader} network
 * @param {Weights} weights
 * @param {{layer: number, unit: number}} place
 * @param {Weights | null} [gradients]
 * @returns {string[]}
 */
export function unitWords(network, { biases }, { layer, unit }, gradients = null) {
  const name = unitName(layer, network.layers.length, unit, network.inputs);
  const bias = layer > 0 ? biases[layer - 1]?.[unit] : undefined;
  if (bias === undefined) return [name];
  const slope = gradients?.biases[layer - 1]?.[unit];
  const words = [name, `bias ${precise(bias)} · ${network.layers[layer - 1].activation}`];
  return slope === undefined ? words : [...words, `db ${precise(slope)}`];
}

/**
 * @param {NetworkLayout} layout
 * @param {NetworkHeader} network
 * @param {Weights} weights
 * @param {number} x
 * @param {number} y
 * @param {Weights | null} [gradients]
 * @returns {string[] | null} null where there is nothing
 */
export function wordsAt(layout, network, weights, x, y, gradients = null) {
  const link = linkAt(layout, weights, x, y);
  if (link === null) return null;
  const { layer, input, unit, index } = link;
  const { values, pooled } = weights.matrices[layer - 1];
  const value = `weight ${precise(values[index])}`;
  const slope = gradients?.matrices[layer - 1]?.values[index];
  const lines = slope === undefined ? [value] : [value, `${pooled ? "|dw|" : "dw"} ${precise(slope)}`];
  if (pooled) return [...lines, "the mean of a block"];
  const layers = network.layers.length;
  return [...lines, `from ${unitName(layer - 1, layers, input, network.inputs)}`, `to ${unitName(layer, layers, unit, network.inputs)}`];
}

/**
 * The weight under a point: of a link, or of a matrix's cell.
 * @param {NetworkLayout} layout
 * @param {Weights} weights
 * @param {number} x
 * @param {number} y
 * @returns {{layer: number, input: number, unit: number, index: number} | null}
 */
export function linkAt(layout, { matrices }, x, y) {
  const gap = layout.gaps.find(({ left, right }) => x >= left && x <= right);
  if (gap === undefined) return null;
  const { values, columns, rows } = matrices[gap.to - 1];
  const index = gap.kind === "matrix" ? cellUnder(gap, rows, columns, x, y)
    : gap.kind === "links" ? linkUnder(layout, gap, values.length, columns, x, y) : -1;
  return index < 0 ? null : { layer: gap.to, input: Math.floor(index / columns), unit: index % columns, index };
}

/**
 * @param {Gap} gap
 * @param {number} rows
 * @param {number} columns
 * @param {number} x
 * @param {number} y
 */
function cellUnder({ x: left = 0, y: top = 0, wide = 1, high = 1 }, rows, columns, x, y) {
  const row = Math.floor(((y - top) / high) * rows);
  const column = Math.floor(((x - left) / wide) * columns);
  return row < 0 || column < 0 || row >= rows || column >= columns ? -1 : row * columns + column;
}

/**
 * @param {NetworkLayout} layout
 * @param {Gap} gap
 * @param {number} count
 * @param {number} columns
 * @param {number} x
 * @param {number} y
 */
function linkUnder(layout, gap, count, columns, x, y) {
  const from = layout.columns[gap.to - 1];
  const to = layout.columns[gap.to];
  let nearest = NEAR;
  let found = -1;
  for (let index = 0; index < count; index += 1) {
    const y0 = from.top + Math.floor(index / columns) * from.pitchY + from.high / 2;
    const y1 = to.top + (index % columns) * to.pitchY + to.high / 2;
    const distance = linkDistance(x, y, gap.left, y0, gap.right, y1);
    if (distance >= nearest) continue;
    nearest = distance;
    found = index;
  }
  return found;
}
