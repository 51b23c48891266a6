/** Measures: their names and definitions, and the shade of a confusion matrix's cell. Pure. */

import { css, luminance } from "./colors.js";
import { MINUS, precise } from "./format.js";

/** @type {Record<string, string>} */
export const SETS = { training: "Training", validation: "Validation", test: "Test" };

/** @typedef {{name: string, title: string, meaning: string, shown: (value: number) => string}} Measure */

/** @type {Measure[]} */
const MEASURES = [
  { name: "accuracy", title: "Accuracy", meaning: "The share of examples whose class is predicted.", shown: percent },
  {
    name: "macro_f1",
    title: "Macro F1",
    meaning: "F1 of each class, 2·hits ÷ (predicted + true), averaged with equal weight: a rare class counts as much as a common one.",
    shown: thousandths,
  },
  { name: "rmse", title: "RMSE", meaning: "Root of the mean squared error, in the target's unit.", shown: precise },
  { name: "mae", title: "MAE", meaning: "Mean absolute error, in the target's unit.", shown: precise },
  { name: "r2", title: "R²", meaning: "1 − squared error ÷ squared deviation from the mean: 1 is perfect, 0 no better than the mean.", shown: thousandths },
];

/**
 * The measures that a report has, in their order.
 * @param {Record<string, unknown>} scored
 */
export function measuresOf(scored) {
  return MEASURES.filter(({ name }) => name in scored);
}

/** @param {number} value */
function thousandths(value) {
  return value.toFixed(3).replace("-", MINUS);
}

/**
 * A share in per cent, one decimal; never rounded up to what it is not.
 * @param {number} share 0…1
 */
export function percent(share) {
  const rounded = Math.round(share * 1000) / 10;
  const honest = share < 1 && rounded === 100 ? 99.9 : share > 0 && rounded === 0 ? 0.1 : rounded;
  return `${honest.toFixed(1)} %`;
}

/**
 * Hits blue, confusions orange, as strong as their share of the row; text that is read on it.
 * @param {number} count
 * @param {number} total of the row
 * @param {boolean} hit
 * @param {{signed: {css: string[]}, ink: string, dark: boolean}} look
 */
export function cellShade(count, total, hit, look) {
  const share = total > 0 ? count / total : 0;
  const strength = count === 0 ? 0 : 0.16 + 0.84 * share;
  const background = look.signed.css[Math.round(127.5 + (hit ? 127.5 : -127.5) * strength)];
  const [red, green, blue] = background.match(/\d+/g)?.map(Number) ?? [0, 0, 0];
  const light = luminance([red, green, blue]);
  const ink = (light + 0.05) / 0.05 > 1.05 / (light + 0.05) ? css([0, 0, 0]) : css([255, 255, 255]);
  return { background, ink };
}
