/** Links: which to draw, how wide, in which shade, and which one lies under the pointer. Pure. */

const BINS = 128;
const bins = new Uint32Array(BINS);
const ROOT = 0.75;

/**
 * The size that few weights exceed, robust against a single large one: the upper end of the bin below
 * which `share` of the sizes lie.
 * @param {ArrayLike<number>[]} layers
 * @param {number} share
 */
export function sizeQuantile(layers, share) {
  let largest = 0;
  let total = 0;
  for (const values of layers) {
    total += values.length;
    for (let index = 0; index < values.length; index += 1) {
      const size = Math.abs(values[index]);
      if (size > largest && Number.isFinite(size)) largest = size;
    }
  }
  if (largest === 0) return 0;
  bins.fill(0);
  const factor = (BINS - 1) / largest;
  for (const values of layers) {
    for (let index = 0; index < values.length; index += 1) {
      const bin = (Math.abs(values[index]) * factor) | 0;
      bins[bin < BINS ? bin : BINS - 1] += 1;
    }
  }
  let seen = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    seen += bins[bin];
    if (seen >= share * total) return Math.min(largest, ((bin + 1) * largest) / (BINS - 1));
  }
  return largest;
}

/**
 * The size from which a link is drawn when a layer may have no more than `budget` of them.
 * @param {ArrayLike<number>} values
 * @param {number} budget
 */
export function sizeThreshold(values, budget) {
  if (values.length <= budget) return 0;
  return sizeQuantile([values], 1 - budget / values.length);
}

/**
 * The strongest incoming link of every unit, `from` by `to`.
 * @param {ArrayLike<number>} values row-major
 * @param {number} rows
 * @param {number} columns
 * @param {Uint16Array} out the row for each column
 */
export function strongestInto(values, rows, columns, out) {
  for (let column = 0; column < columns; column += 1) {
    let best = 0;
    let size = -1;
    for (let row = 0; row < rows; row += 1) {
      const own = Math.abs(values[row * columns + column]);
      if (own > size) {
        size = own;
        best = row;
      }
    }
    out[column] = best;
  }
  return out;
}

/**
 * Strength of a weight against the picture's reference, 0…1. The root lifts weak links out of the paper: one large
 * weight must not turn all others into hairlines. What is not finite is as strong as can be.
 * @param {number} weight
 * @param {number} reference
 */
export function strength(weight, reference) {
  if (!Number.isFinite(weight)) return 1;
  return Math.min(1, Math.abs(weight) / reference) ** ROOT;
}

/**
 * Distance of a point from a link: a cubic with both handles at half way and flat ends. Because the handles
 * are level with the ends, its x is a known function of the parameter, and y a smoothstep.
 * @param {number} x
 * @param {number} y
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 */
export function linkDistance(x, y, x0, y0, x1, y1) {
  if (x < x0 || x > x1 || x1 <= x0) return Number.POSITIVE_INFINITY;
  const share = (x - x0) / (x1 - x0);
  // x(t) = 1.5t(1−t)² + 1.5t²(1−t) + t³ = 1.5t − 1.5t² + t³, rising: three Newton steps from t = share.
  let t = share;
  for (let round = 0; round < 3; round += 1) {
    const slope = 1.5 - 3 * t + 3 * t * t;
    t -= (1.5 * t - 1.5 * t * t + t * t * t - share) / slope;
  }
  const rise = t * t * (3 - 2 * t);
  const tilt = ((y1 - y0) * 6 * t * (1 - t)) / ((x1 - x0) * (1.5 - 3 * t + 3 * t * t));
  return Math.abs(y - (y0 + (y1 - y0) * rise)) / Math.hypot(1, tilt);
}
