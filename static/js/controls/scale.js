// From a slider's place (0 … 1) to its value and back; what the arrow keys reach next. No DOM.

/**
 * @typedef {object} Scale
 * @property {number} low
 * @property {number} high
 * @property {(value: number) => number} fraction
 * @property {(fraction: number) => number} value the nearest value that a pointer can set
 * @property {(value: number, steps: number) => number} stepped `steps` arrow keys further (a page key is ±PAGE)
 */

/** Arrow keys that one Page key is worth. */
export const PAGE = 10;

/** Round numbers of a decade: what the arrow keys visit, and the finer ones that a pointer can hit. */
const COARSE = [1, 1.5, 2, 3, 4, 5, 6, 8];
const FINE = [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2, 2.2, 2.5, 2.7, 3, 3.3, 3.6, 4, 4.5, 5, 5.5, 6, 6.5, 7, 8, 9];

/** @param {number} value @param {number} low @param {number} high */
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** Free of what binary fractions leave behind: 0.1 + 0.2 is 0.3. @param {number} value */
const tidy = (value) => Number(value.toPrecision(12));

/**
 * @param {number} low
 * @param {number} high
 * @param {number} increment
 * @returns {Scale}
 */
export function linearScale(low, high, increment) {
  /** @param {number} value */
  const snap = (value) => tidy(clamp(Math.round(value / increment) * increment, low, high));
  return {
    low,
    high,
    fraction: (value) => clamp((value - low) / (high - low), 0, 1),
    value: (fraction) => snap(low + clamp(fraction, 0, 1) * (high - low)),
    stepped: (value, steps) => tidy(clamp(value + steps * increment, low, high)),
  };
}

/**
 * Equal ways for equal factors, over round numbers: for rates, where 0.001 and 0.003 lie as far apart as 1 and 3.
 *
 * @param {number} low
 * @param {number} high
 * @returns {Scale}
 */
export function logScale(low, high) {
  const span = Math.log(high / low);
  const fine = ladder(FINE, low, high);
  const coarse = ladder(COARSE, low, high);
  return {
    low,
    high,
    fraction: (value) => clamp(Math.log(value / low) / span, 0, 1),
    value: (fraction) => nearest(fine, low * Math.exp(clamp(fraction, 0, 1) * span)),
    stepped(value, steps) {
      let at = value;
      for (let left = Math.abs(steps); left > 0; left--) {
        const next =
          steps > 0 ? coarse.find((rung) => rung > at * 1.0001) : coarse.findLast((rung) => rung < at * 0.9999);
        at = next ?? at;
      }
      return at;
    },
  };
}

/**
 * As `logScale`, over whole numbers; an arrow key is ±1.
 *
 * @param {number} low
 * @param {number} high
 * @returns {Scale}
 */
export function countScale(low, high) {
  const span = Math.log(high / low) || 1;
  return {
    low,
    high,
    fraction: (value) => clamp(Math.log(value / low) / span, 0, 1),
    value: (fraction) => clamp(Math.round(low * Math.exp(clamp(fraction, 0, 1) * span)), low, high),
    stepped: (value, steps) => clamp(Math.round(value) + steps, low, high),
  };
}

/**
 * @param {number[]} decade
 * @param {number} low
 * @param {number} high
 */
function ladder(decade, low, high) {
  const rungs = new Set([low, high]);
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const digit of decade) {
      const rung = Number(`${digit}e${power}`);
      if (rung >= low && rung <= high) rungs.add(rung);
    }
  }
  return [...rungs].sort((a, b) => a - b);
}

/** By factor, not by difference. @param {number[]} rungs @param {number} value */
function nearest(rungs, value) {
  return rungs.reduce((best, rung) =>
    Math.abs(Math.log(rung / value)) < Math.abs(Math.log(best / value)) ? rung : best,
  );
}

/** As people write it: 0.03, not 3e-2, as long as that stays short. @param {number} value */
export function plainNumber(value) {
  const rounded = Number(value.toPrecision(3));
  return rounded >= 1e-6 && rounded < 1e6 ? String(rounded).replace("1e-6", "0.000001") : rounded.toExponential();
}

/** @param {number} share */
export function percent(share) {
  return `${Math.round(share * 100)}\u2009%`;
}
