/** A map of coded norms: a row a layer, a column a moment; hatched where not finite, dotted where exactly zero. */

import { parseHex, pixel } from "./colors.js";
import { paintDots, paintHatch } from "./marks.js";
import { paintNorms } from "./raster.js";
import { rowTop } from "./rows.js";
import { CODE_NOT_FINITE, CODE_ZERO } from "./scale.js";

/** @typedef {import("./theme.js").Theme} Theme */
/** @typedef {import("./rows.js").Rows} Rows */
/** @typedef {{codes: Uint8Array, layers: number, columns: Uint16Array, shades: Uint8Array}} Heat what is painted, and how */
/** @typedef {{rows: Rows, left: number, wide: number}} Place */

/** Rows are parted by a line while they are at least so high. */
const PARTED = 9;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {ReturnType<typeof import("./canvas.js").sheet>} picture
 * @param {Heat} heat
 * @param {Place} place
 * @param {Theme} look
 * @returns {{zero: boolean, notFinite: boolean}} what was met that has no place on the ramp
 */
export function paintHeat(context, picture, heat, place, look) {
  const { codes, layers, columns, shades } = heat;
  const { rows, left, wide } = place;
  const { image, pixels } = picture.image(columns.length, layers);
  const marks = { zero: pixel(parseHex(look.page)), notFinite: pixel(parseHex(look.error)) };
  const met = paintNorms(codes, layers, columns, shades, look.flow.pixels, marks, pixels);
  picture.context.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(picture.context.canvas, left, rows.top, wide, rows.bottom - rows.top);
  context.imageSmoothingEnabled = true;
  if (met.notFinite || met.zero) paintSpecial(context, heat, place, look);
  context.fillStyle = look.sunken;
  for (let layer = 1; layer < layers && rows.pitch >= PARTED; layer += 1) {
    context.fillRect(left, Math.round(rowTop(rows, layer)) - 1, wide, rows.pitch > 16 ? 2 : 1);
  }
  return met;
}

/**
 * Runs of cells that have no place on the ramp.
 * @param {CanvasRenderingContext2D} context
 * @param {Heat} heat
 * @param {Place} place
 * @param {Theme} look
 */
function paintSpecial(context, { codes, layers, columns }, { rows, left, wide }, look) {
  const cell = wide / columns.length;
  for (const code of [CODE_NOT_FINITE, CODE_ZERO]) {
    context.save();
    context.beginPath();
    for (let layer = 1; layer <= layers; layer += 1) {
      let from = -1;
      for (let column = 0; column <= columns.length; column += 1) {
        const own = column < columns.length && codes[columns[column] * layers + layer - 1] === code;
        if (own && from < 0) from = column;
        if (own || from < 0) continue;
        context.rect(left + from * cell, rowTop(rows, layer), (column - from) * cell, rows.pitch);
        from = -1;
      }
    }
    context.clip();
    const box = { x: left, y: rows.top, wide, high: rows.bottom - rows.top };
    if (code === CODE_NOT_FINITE) paintHatch(context, box, look);
    else paintDots(context, box, look);
    context.restore();
  }
}
