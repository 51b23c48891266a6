/** The inputs' names at the left of the network picture: as much of each as there is room for. */

import { drawFeatureName, fitted } from "./canvas.js";
import { featureName, runs } from "./format.js";

const SIZE = 12;
/** Beyond, the network is more interesting than a name. */
const WIDEST = 150;
const GAP = 7;
const MOST_NAMES = 16;

/**
 * Room that the names want, px; 0 where they are not drawn.
 * @param {CanvasRenderingContext2D} context
 * @param {string[]} names
 * @param {number} width of the picture
 * @param {(size: number) => string} font
 */
export function labelRoom(context, names, width, font) {
  if (width < 560 || names.length > MOST_NAMES) return 0;
  const widths = names.map((name) => drawFeatureName(context, featureName(name), 0, 0, font, SIZE, true));
  return Math.min(WIDEST, width * 0.2, Math.max(...widths) + GAP + 3);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("./network_layout.js").NetworkLayout} layout
 * @param {string[]} names
 * @param {{muted: string, font: (size: number) => string}} look
 */
export function paintInputNames(context, { columns: [column] }, names, look) {
  if (column.left < 14 || names.length > MOST_NAMES) return;
  context.fillStyle = look.muted;
  context.textAlign = "right";
  context.textBaseline = "middle";
  const room = column.left - GAP - 1;
  names.forEach((name, unit) => {
    const text = featureName(name);
    context.font = look.font(SIZE);
    const short = runs(text).length > 1 ? text : fitted(context, text, room);
    drawFeatureName(context, short, column.left - GAP, column.top + unit * column.pitchY + column.high / 2, look.font, SIZE);
  });
}
