/** The inputs' names at the left of the network picture: as much of each as there is room for. */

import { drawFeatureName, fitted } from "./canvas.js";
import { featureName, runs } from "./format.js";

const SIZE = 12;
/** Beyond, the network is more interesting than a name. */
const WIDEST = 150;
const GAP = 7;
/** So little is there on a phone too. */
const SHORT = 40;
const MOST_NAMES = 16;

/**
 * Room that the names want, px; 0 where they are not drawn.
 * @param {CanvasRenderingContext2D} context
 * @param {string[]} names
 * @param {number} width of the picture
 * @param {(size: number) => string} font
 */
export function labelRoom(context, names, width, font) {
  if (names.length > MOST_NAMES) return 0;
  const widest = Math.max(...names.map((name) => drawFeatureName(context, featureName(name), 0, 0, font, SIZE, true))) + GAP + 3;
  if (width < 560 && widest > SHORT) return 0;
  return Math.min(WIDEST, width * 0.2, widest);
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
    const isFormula = runs(text).length > 1;
    // Half a formula is another one.
    if (isFormula && drawFeatureName(context, text, 0, 0, look.font, SIZE, true) > room + 4) return;
    const short = isFormula ? text : fitted(context, text, room);
    drawFeatureName(context, short, column.left - GAP, column.top + unit * column.pitchY + column.high / 2, look.font, SIZE);
  });
}
