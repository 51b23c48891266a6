/** The gradient lab is one table: the rows that the map, the ridgelines and the dots share. Pure. */

import { thin } from "./scale.js";

/** Room above the rows for column heads and peaks, beneath them for the axis, CSS px. */
const HEAD = 24;
const FOOT = 22;

/**
 * @typedef {object} Rows
 * @property {number} layers
 * @property {number} top of the first row
 * @property {number} bottom of the last row
 * @property {number} pitch
 */

/**
 * @param {number} layers
 * @param {number} height
 * @param {number} type factor on type sizes
 * @returns {Rows}
 */
export function rowsIn(layers, height, type) {
  const top = HEAD * type;
  const bottom = Math.max(top + 1, height - FOOT * type);
  return { layers, top, bottom, pitch: (bottom - top) / Math.max(1, layers) };
}

/**
 * Top of a layer's row; the output is the first one, so that gradients fall downwards.
 * @param {Rows} rows
 * @param {number} layer counted from 1
 */
export function rowTop({ layers, top, pitch }, layer) {
  return top + (layers - layer) * pitch;
}

/**
 * @param {Rows} rows
 * @param {number} layer counted from 1
 */
export function rowMiddle(rows, layer) {
  return rowTop(rows, layer) + rows.pitch / 2;
}

/**
 * The layer whose row holds `y`, counted from 1; null outside.
 * @param {Rows} rows
 * @param {number} y
 */
export function layerAt({ layers, top, pitch }, y) {
  const row = Math.floor((y - top) / pitch);
  return row >= 0 && row < layers ? layers - row : null;
}

/**
 * The layers that get a label.
 * @param {Rows} rows
 * @param {number} room px that one label needs
 */
export function labelled({ layers, pitch }, room) {
  return thin(layers, pitch, room);
}

/**
 * Which texts fit beside the map: names in full or short, and both numbers of now, in two digits or in one.
 * @param {number} width CSS px of the whole panel
 * @param {number} type factor on type sizes
 * @returns {{names: "long" | "short", numbers: "two digits" | "one digit" | "none", left: number, number: number}}
 */
export function labelColumns(width, type) {
  const names = width >= 420 ? "long" : "short";
  const numbers = width >= 340 ? "two digits" : width >= 190 ? "one digit" : "none";
  const number = { "two digits": 60, "one digit": 42, none: 0 }[numbers] * type;
  return { names, numbers, left: Math.round((names === "long" ? 60 : 26) * type + 2 * number + 4), number };
}

/**
 * The common axis of the hidden layers' activations, and the output's own one: logits would squeeze the others.
 * @param {(number | null)[][]} ranges per layer, input side first
 * @returns {{hidden: [number, number], output: [number, number]}}
 */
export function activationAxes(ranges) {
  const usable = ranges.map(([low, high]) => ({ low: Number(low ?? 0), high: Number(high ?? 0) }));
  const last = usable[usable.length - 1] ?? { low: -1, high: 1 };
  const hidden = usable.length > 1 ? usable.slice(0, -1) : usable;
  const low = Math.min(...hidden.map((range) => range.low));
  const high = Math.max(...hidden.map((range) => range.high));
  return { hidden: rounded(low, high), output: rounded(last.low, last.high) };
}

const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/**
 * Outward to a round number, so that the axis does not creep with every frame; symmetric about zero when
 * both signs occur.
 * @param {number} low
 * @param {number} high
 * @returns {[number, number]}
 */
function rounded(low, high) {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (!(size > 0) || !Number.isFinite(size)) return [-1, 1];
  const unit = 10 ** Math.floor(Math.log10(size) + 1e-9);
  const reach = Number(((STEPS.find((step) => step * unit >= size * 0.9999) ?? 10) * unit).toPrecision(3));
  // A floor just below zero (SiLU, GELU, softplus noise) is not a second half.
  if (low >= -size * 1e-6) return [0, reach];
  if (high <= size * 1e-6) return [-reach, 0];
  return [-reach, reach];
}
