/** The large plane: coloured grid, the line of the decision, frame and ticks. */

import { drawFeatureName, fitted } from "./canvas.js";
import { contour, LOG_ODDS } from "./contour.js";
import { enlargeClasses } from "./classes.js";
import { parseHex, pixel } from "./colors.js";
import { featureName, withSign } from "./format.js";
import { enlarge, smooth } from "./raster.js";
import { ticks } from "./scale.js";

/** @typedef {import("./theme.js").Theme} Theme */
/** @typedef {{left: number, top: number, side: number}} Square */
/**
 * @typedef {object} Grid what is on the plane
 * @property {Uint8Array} codes row 0 is the top
 * @property {number} size
 * @property {number} low what code 0 stands for
 * @property {number} high
 * @property {number[]} extent
 * @property {string} kind binary | regression | multiclass | unit | image (a neuron's weights on the pixels)
 */

/** Pixels along a side from which the browser's own smoothing is invisible. */
const FINE = 280;
/** Along a side of the grid in which the line is sought. */
const LINE = 128;

const identity = Float32Array.from({ length: 256 }, (_, code) => code);
const stepped = new Uint32Array(256);
const segments = new Float32Array(4 * 8000);
let values = new Float32Array(0);
let fine = new Float32Array(0);

/**
 * The largest square that leaves room for the ticks.
 * @param {number} width
 * @param {number} height
 * @param {Theme} look
 * @returns {Square}
 */
export function squareIn(width, height, look) {
  const axis = Math.round(18 * look.type);
  const side = Math.max(16, Math.floor(Math.min(width - 2 * axis, height - axis - 4)));
  // In the middle, but with room for "−10" at the left.
  const left = Math.min(Math.max((width - side) / 2, 27 * look.type), width - side - 8);
  return { left: Math.floor(left), top: 2, side };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Grid} grid
 * @param {import("./classes.js").Answer | null} answer of several classes
 * @param {Square} square
 * @param {boolean} discretize
 * @param {ReturnType<typeof import("./canvas.js").sheet>} sheet
 * @param {Theme} look
 */
export function paintGrid(context, { codes, size, kind }, answer, { left, top, side }, discretize, sheet, look) {
  context.imageSmoothingEnabled = kind !== "image";
  context.imageSmoothingQuality = "low";
  const classes = kind === "multiclass";
  const factor = kind === "image" ? 1 : Math.min(16, Math.max(1, Math.round(FINE / size)));
  const wide = size * factor;
  const { image, pixels } = sheet.image(wide, wide);
  if (classes && answer !== null) {
    enlargeClasses(answer, size, factor, look.tints, pixel(parseHex(look.ink)), discretize, pixels);
  } else {
    const colors = kind === "unit" || kind === "image" ? look.signed.pixels : look.surface.pixels;
    enlarge(codes, 0, size, factor, discretize ? inTwo(colors) : colors, pixels);
  }
  sheet.context.putImageData(image, 0, 0);
  context.drawImage(sheet.context.canvas, left, top, side, side);
}

/** @param {Uint32Array} colors */
function inTwo(colors) {
  for (let code = 0; code < 256; code += 1) stepped[code] = colors[code < 128 ? 0 : 255];
  return stepped;
}

/**
 * The line where the answer turns: probability one half, or zero.
 * @param {CanvasRenderingContext2D} context
 * @param {Grid} grid
 * @param {Square} square
 * @param {Theme} look
 */
export function paintBoundary(context, { codes, size, kind, low, high }, { left, top, side }, look) {
  if (kind === "multiclass" || kind === "image") return;
  const binary = kind === "binary";
  const meaning = binary ? LOG_ODDS : identity;
  if (values.length < codes.length) values = new Float32Array(codes.length);
  for (let index = 0; index < codes.length; index += 1) values[index] = meaning[codes[index]];
  const factor = Math.max(1, Math.round(LINE / size));
  const wide = size * factor;
  if (fine.length < wide * wide) fine = new Float32Array(wide * wide);
  if (binary) soften(values, size);
  smooth(values, 0, size, factor, fine);
  const count = contour(fine, wide, wide, binary ? 0 : kind === "unit" ? 128 : (-low / (high - low)) * 255, segments);
  if (count === 0) return;
  // Samples are cell centres; a line that ends on the outermost ones goes on to the frame.
  const step = side / wide;
  /** @param {number} place */
  const along = (place) => (place === 0 ? 0 : place === wide - 1 ? side : (place + 0.5) * step);
  context.strokeStyle = look.ink;
  context.lineWidth = (binary ? 1.75 : 1) * look.weight;
  context.globalAlpha = binary ? 0.9 : 0.55;
  context.lineCap = "round";
  context.beginPath();
  for (let index = 0; index < count * 4; index += 4) {
    context.moveTo(left + along(segments[index]), top + along(segments[index + 1]));
    context.lineTo(left + along(segments[index + 2]), top + along(segments[index + 3]));
  }
  context.stroke();
  context.globalAlpha = 1;
}

/**
 * Even out a square grid in place, (1 2 1)/4 each way: an answer that jumps between two cells would else
 * give its line the steps of the grid.
 * @param {Float32Array} grid
 * @param {number} size
 */
function soften(grid, size) {
  for (const [along, across] of [[1, size], [size, 1]]) {
    for (let line = 0; line < size; line += 1) {
      let place = line * across;
      let left = grid[place];
      for (let index = 0; index + 1 < size; index += 1, place += along) {
        const own = grid[place];
        grid[place] = (left + 2 * own + grid[place + along]) / 4;
        left = own;
      }
      grid[place] = (left + 3 * grid[place]) / 4;
    }
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} extent
 * @param {string[]} names of the two coordinates
 * @param {Square} square
 * @param {Theme} look
 */
export function paintFrame(context, extent, names, { left, top, side }, look) {
  context.strokeStyle = look.line;
  context.lineWidth = look.weight;
  context.strokeRect(left - 0.5, top - 0.5, side + 1, side + 1);
  context.fillStyle = look.muted;
  context.strokeStyle = look.muted;
  context.font = look.font(11);
  context.beginPath();
  context.textAlign = "center";
  context.textBaseline = "top";
  const [across = "x1", up = "x2"] = names.map(featureName);
  const long = across.length > 3 || up.length > 3;
  // Where a name stands no number does.
  const free = left + side - (long ? context.measureText(`${across} →`).width : 10 * look.type) - 5;
  for (const value of ticks(extent[0], extent[1], 4)) {
    const x = left + ((value - extent[0]) / (extent[1] - extent[0])) * side;
    const text = withSign(value).replace("+", "");
    context.moveTo(x, top + side);
    context.lineTo(x, top + side + 3);
    if (x + context.measureText(text).width / 2 < free) context.fillText(text, x, top + side + 5);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of ticks(extent[2], extent[3], 4)) {
    const y = top + side - ((value - extent[2]) / (extent[3] - extent[2])) * side;
    context.moveTo(left - 3, y);
    context.lineTo(left, y);
    if (long || y > top + 17 * look.type) context.fillText(withSign(value).replace("+", ""), left - 5, y);
  }
  context.stroke();
  context.textBaseline = "top";
  if (long) drawLongNames(context, across, up, left, top, side, look);
  else {
    drawFeatureName(context, across, left + side, top + side + 4, look.font, 12);
    drawFeatureName(context, up, left - 5, top, look.font, 12);
  }
}

/**
 * Long names stand along their axes: outside the plane where there is room, else inside it on a ground of their own.
 * @param {CanvasRenderingContext2D} context
 * @param {string} across
 * @param {string} up
 * @param {number} left
 * @param {number} top
 * @param {number} side
 * @param {Theme} look
 */
function drawLongNames(context, across, up, left, top, side, look) {
  context.textAlign = "right";
  context.font = look.font(11);
  context.fillStyle = look.muted;
  context.fillText(fitted(context, `${across} →`, side), left + side, top + side + 5);
  context.save();
  context.textBaseline = "middle";
  const text = fitted(context, `${up} →`, side - 6);
  const outside = left > 44 * look.type;
  context.translate(outside ? left - 38 * look.type : left + 9 * look.type, top);
  context.rotate(-Math.PI / 2);
  if (!outside) {
    const wide = context.measureText(text).width + 8;
    context.globalAlpha = 0.82;
    context.fillStyle = look.page;
    context.fillRect(-wide, -9 * look.type, wide, 18 * look.type);
    context.globalAlpha = 1;
    context.fillStyle = look.ink;
  }
  context.fillText(text, outside ? 0 : -4, 0);
  context.restore();
}
