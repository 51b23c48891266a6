/** The gradient's ribbon: how thick and which shade at each layer. Pure. */

import { logShare } from "./scale.js";

/** The thinnest the ribbon gets, px: a vanished gradient is a thread, not nothing. */
export const THINNEST = 2;

/**
 * @typedef {object} Knot one layer's place on the ribbon
 * @property {number} x
 * @property {number} share 0…1 on the decade scale; NaN where the gradient is not finite
 * @property {number} thick px
 */

/**
 * Knots of the hidden layers and the output, from left to right.
 * @param {ArrayLike<number>} norms input side first
 * @param {number[]} x centres of the columns 1…L
 * @param {import("./scale.js").Decades} decades
 * @param {number} thickest px
 * @returns {Knot[]}
 */
export function knots(norms, x, decades, thickest) {
  return x.map((place, index) => {
    const share = logShare(norms[index], decades);
    // What is not finite fills the whole height: an overflow has no size that could be drawn.
    const thick = Number.isNaN(share) ? thickest : THINNEST + (thickest - THINNEST) * share;
    return { x: place, share, thick };
  });
}

/**
 * The shade between two knots: the decades run linearly along the ribbon.
 * @param {Knot} from
 * @param {Knot} to
 * @param {number} part 0…1
 * @returns {number} index into a ramp of 256
 */
export function shadeBetween(from, to, part) {
  const a = Number.isNaN(from.share) ? 1 : from.share;
  const b = Number.isNaN(to.share) ? 1 : to.share;
  return Math.round((a + (b - a) * part) * 255);
}

/**
 * Which knots carry a mark when marks must lie `room` px apart; the last always does.
 * @param {Knot[]} points
 * @param {number} room
 * @returns {number[]} indices, ascending
 */
export function spaced(points, room) {
  /** @type {number[]} */
  const out = [];
  let next = Number.POSITIVE_INFINITY;
  for (let index = points.length - 1; index >= 0; index -= 1) {
    if (next - points[index].x < room) continue;
    out.unshift(index);
    next = points[index].x;
  }
  // The first layer is the one that starves: rather its number than its neighbour's.
  if (out.length > 1 && out[0] !== 0) {
    if (points[out[0]].x - points[0].x < room) out.shift();
    out.unshift(0);
  }
  return out;
}
