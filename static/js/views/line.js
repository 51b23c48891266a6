/** What the network answers along one input, as a curve over the examples; or the curve of one neuron. */

import { compact, featureName, precise } from "../draw/format.js";
import { paintCurve, paintOwnScale, paintScatter, paintZero } from "../draw/line.js";
import { paintFrame, squareIn } from "../draw/plane.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {import("../draw/plane.js").Square} Square */
/** @typedef {{square: Square, extent: number[], rows: Float32Array[], low: number, high: number, names: string[]}} Drawn */

/**
 * @param {import("../draw/canvas.js").Panel} panel
 * @param {Slice} slice
 * @param {import("../draw/theme.js").Theme} look
 * @returns {Drawn | null} what is on the screen; null where there is nothing to draw
 */
export function paintLine({ context, width, height }, slice, look) {
  const header = slice.header?.surface;
  const lines = slice.arrays?.surface_line;
  if (!header || !(lines instanceof Float32Array)) return null;
  const { extent } = header;
  const square = squareIn(width, height, look);
  const names = slice.points?.header.lens?.names ?? ["x", "target"];
  const unit = unitCurve(slice);
  if (slice.points) {
    context.globalAlpha = unit === null ? 1 : 0.25;
    paintScatter(context, slice.points, extent, square, look, slice.options?.testPoints !== false);
    context.globalAlpha = 1;
  }
  const width_px = 2.5 * look.weight;
  if (unit !== null) {
    paintCurve(context, unit.values, unit.low, unit.high, square, { color: look.ink, width: width_px, under: look.page });
    paintOwnScale(context, unit.low, unit.high, extent, names[0], square, look);
    return { square, extent, rows: [unit.values], low: unit.low, high: unit.high, names };
  }
  paintZero(context, extent, square, look);
  const points = header.resolution;
  /** @type {Float32Array[]} */
  const rows = [];
  for (let row = 0; row * points < lines.length; row += 1) {
    const values = lines.subarray(row * points, (row + 1) * points);
    rows.push(values);
    const color = slice.points?.header.task === "multiclass" ? look.classes[row % look.classes.length] : look.ink;
    paintCurve(context, values, extent[2], extent[3], square, { color, width: width_px, under: look.page });
  }
  paintFrame(context, extent, names, square, look);
  return { square, extent, rows, low: extent[2], high: extent[3], names };
}

/**
 * The neuron under the pointer: the middle row of its map is its activation along the input.
 * @param {Slice} slice
 */
function unitCurve(slice) {
  const unit = slice.hoverUnit ?? null;
  const size = slice.header?.network?.tile ?? 0;
  const tiles = slice.arrays?.tiles;
  if (unit === null || size < 2 || !(tiles instanceof Uint8Array)) return null;
  const scale = slice.arrays?.tile_scale?.[unit] ?? 1;
  const center = slice.arrays?.tile_center?.[unit] ?? 0;
  const first = unit * size * size;
  // Samples are cell centres; the curve is drawn from edge to edge, so its ends go on straight.
  const inner = Array.from({ length: size }, (_, index) => center + ((tiles[first + index] - 128) / 127) * scale);
  const values = Float32Array.from([inner[0] * 1.5 - inner[1] * 0.5, ...inner, inner[size - 1] * 1.5 - inner[size - 2] * 0.5]);
  return { values, low: center - scale, high: center + scale };
}

/**
 * What the tooltip says at a point.
 * @param {Drawn} drawn
 * @param {Slice} slice
 * @param {number} x
 * @returns {string[] | null}
 */
export function lineWords({ square, extent, rows, names }, slice, x) {
  const share = (x - square.left) / square.side;
  if (share < 0 || share > 1) return null;
  const classes = slice.points?.header.class_names ?? [];
  const multiclass = slice.points?.header.task === "multiclass";
  const values = rows.map((row, index) => {
    const value = precise(row[Math.round(share * (row.length - 1))]);
    return multiclass && slice.hoverUnit == null ? `${classes[index] ?? `class ${index}`}: ${value}` : `output ${value}`;
  });
  return [...values, `${featureName(names[0])} ${precise(extent[0] + share * (extent[1] - extent[0]))}`];
}

/** @param {Slice} slice */
export function describeLine(slice) {
  const names = slice.points?.header.lens?.names ?? ["x"];
  return `Curve picture: the network's answer along ${featureName(names[0])}, with ${slice.points?.arrays.targets?.length ?? 0} data points; `
    + `training loss ${compact(slice.header?.training_loss)}, test loss ${compact(slice.header?.test_loss)}.`;
}
