/** From a link's number to its strength and colour: weights by sign and size, gradients by size in decades. Pure. */

import { strength } from "./links.js";
import { logShare } from "./scale.js";

/** @typedef {{force: (value: number) => number, color: (value: number, shade: number) => string, flow: boolean}} Coding */
/** @typedef {{signed: {css: string[], pixels: Uint32Array}, flow: {css: string[], pixels: Uint32Array}}} Ramps */

/**
 * Orange and blue, as strong as the number is against `reference`.
 * @param {number} reference
 * @param {Ramps} ramps
 * @returns {Coding}
 */
export function signedCoding(reference, { signed }) {
  return {
    flow: false,
    force: (value) => strength(value, reference),
    color: (value, shade) => signed.css[Math.round(127.5 + (value < 0 ? -127.5 : 127.5) * shade)],
  };
}

/**
 * The ramp of the gradient's flow over decades.
 * @param {import("./scale.js").Decades} decades
 * @param {Ramps} ramps
 * @returns {Coding}
 */
export function flowCoding(decades, { flow }) {
  return {
    flow: true,
    force: (value) => {
      const share = logShare(Math.abs(value), decades);
      return Number.isNaN(share) ? 1 : share;
    },
    color: (_, shade) => flow.css[Math.round(255 * shade)],
  };
}

/**
 * Three decades for single gradients, up to the power of ten above the largest; `before` is kept as long as the
 * largest stays within the two decades below its upper end, so that colours do not flicker.
 * @param {number} largest
 * @param {import("./scale.js").Decades | null} before
 * @returns {import("./scale.js").Decades}
 */
export function gradientDecades(largest, before) {
  if (!(largest > 0) || !Number.isFinite(largest)) return before ?? { low: -3, high: 0 };
  const power = Math.log10(largest);
  if (before !== null && power <= before.high && power > before.high - 2) return before;
  const high = Math.ceil(power);
  return { low: high - 3, high };
}
