/** The logarithmic axis of a panel whose rows are layers: its grid and its powers of ten. */

import { drawPower } from "./canvas.js";
import { logTicks } from "./scale.js";

/**
 * Whole decades across the rows, and their powers beneath.
 * @param {CanvasRenderingContext2D} context
 * @param {import("./scale.js").Decades} range
 * @param {(exponent: number) => number} place
 * @param {import("./rows.js").Rows} rows
 * @param {number} left
 * @param {number} wide
 * @param {import("./theme.js").Theme} look
 */
export function paintDecades(context, range, place, rows, left, wide, look) {
  context.strokeStyle = look.line;
  context.lineWidth = look.weight;
  context.fillStyle = look.muted;
  context.textBaseline = "top";
  context.textAlign = "center";
  for (const value of logTicks(range.low, range.high, Math.max(2, Math.floor(wide / (52 * look.type))))) {
    const exponent = Math.round(Math.log10(value));
    const x = Math.round(place(exponent)) + 0.5;
    context.beginPath();
    context.moveTo(x, rows.top);
    context.lineTo(x, rows.bottom);
    context.stroke();
    const half = 16 * look.type;
    drawPower(context, exponent, Math.min(left + wide + 8 - half, Math.max(left - 8 + half, x)), rows.bottom + 8, look.font, 11.5);
  }
}
