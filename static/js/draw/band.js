/** A band of seeds out of a frame: the middle eight of ten, and their median. Pure. */

/** @typedef {import("./slice.js").Slice} Slice */
/** @typedef {import("./slice.js").Numbers} Numbers */
/** @typedef {{low: Numbers, median: Numbers, high: Numbers}} Quantiles */

/** What the band is, in words. @param {number} seeds */
export const bandWords = (seeds) => `band: 10–90 % of ${seeds} seeds, dashed: their median`;

/** The training loss over the band's steps; null without a band. @param {Slice} slice @returns {(Quantiles & {seeds: number, steps: Numbers}) | null} */
export function lossBand({ header, arrays }) {
  const told = header?.lab?.band;
  const steps = arrays?.band_step;
  const rows = arrays?.band_training_loss;
  if (!told || !steps || !rows || steps.length === 0) return null;
  const count = told.quantiles.length;
  const [low, median, high] = placesOf(told.quantiles).map((place) => Float64Array.from(steps, (_, index) => rows[index * count + place]));
  return { seeds: told.seeds, steps, low, median, high };
}

/** ‖delta‖ of each layer at the band's newest step; null without a band. @param {Slice} slice @returns {(Quantiles & {seeds: number, step: number}) | null} */
export function deltaBand({ header, arrays }) {
  const told = header?.lab?.band;
  const rows = arrays?.band_delta_norm;
  const layers = arrays?.delta_norm?.length ?? 0;
  if (!told || !rows || rows.length !== told.quantiles.length * layers) return null;
  const [low, median, high] = placesOf(told.quantiles).map((place) => rows.subarray(place * layers, (place + 1) * layers));
  return { seeds: told.seeds, step: told.step, low, median, high };
}

/** @param {number[]} quantiles */
const placesOf = (quantiles) => [0.1, 0.5, 0.9].map((wanted) => quantiles.indexOf(wanted));
