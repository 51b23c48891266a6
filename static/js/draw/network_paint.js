/** The strokes of the network picture: links, matrices, unit maps, biases. */

import { cellLeft, cellTop, rightOf } from "./network_layout.js";
import { sizeThreshold, strongestInto } from "./links.js";

/** @typedef {import("./network_layout.js").NetworkLayout} NetworkLayout */
/** @typedef {import("./network_layout.js").NetworkColumn} NetworkColumn */
/** @typedef {import("./network_layout.js").Gap} Gap */
/** @typedef {import("./slice.js").WeightMatrix} WeightMatrix */
/** @typedef {import("./theme.js").Theme} Theme */
/** @typedef {import("./coding.js").Coding} Coding */
/** @typedef {{layer: number, unit: number}} Unit */

/** Strokes a frame may have: 1,500 cost 8.5 ms; the weakest are left out beyond. */
const MOST_STROKES = 1600;
/** The faintest link still differs from the page. */
const FAINTEST = 0.22;

const strongest = new Uint16Array(16);
const sizes = new Float32Array(16);

/**
 * @param {CanvasRenderingContext2D} context
 * @param {NetworkLayout} layout
 * @param {WeightMatrix[]} matrices
 * @param {Coding} coding
 * @param {Theme} theme
 * @param {Unit | null} active its links stand out
 */
export function paintLinks(context, layout, matrices, coding, theme, active) {
  const drawn = layout.gaps.filter((gap) => gap.kind === "links");
  const few = layout.gaps.filter((gap) => gap.kind === "few");
  const budget = drawn.length > 0 ? Math.floor(MOST_STROKES / drawn.length) : 0;
  context.lineCap = "butt";
  for (const gap of few) paintFew(context, layout, gap, matrices[gap.to - 1], coding, theme);
  for (const gap of drawn) paintGap(context, layout, gap, matrices[gap.to - 1], coding, theme, budget, active);
  context.globalAlpha = 1;
}

/**
 * Weak links first, so that strong ones cross over them.
 * @param {CanvasRenderingContext2D} context
 * @param {NetworkLayout} layout
 * @param {Gap} gap
 * @param {WeightMatrix} matrix
 * @param {Coding} coding
 * @param {Theme} theme
 * @param {number} budget
 * @param {Unit | null} active
 */
function paintGap(context, layout, gap, matrix, coding, theme, budget, active) {
  const from = layout.columns[gap.to - 1];
  const to = layout.columns[gap.to];
  const { values, rows, columns } = matrix;
  const threshold = sizeThreshold(values, budget);
  const widest = widestLink(from, to) * theme.weight;
  const x0 = gap.left;
  const x1 = gap.right;
  const middle = (x0 + x1) / 2;
  for (let pass = 0; pass < 2; pass += 1) {
    for (let row = 0; row < rows; row += 1) {
      const y0 = from.top + row * from.pitchY + from.high / 2;
      for (let column = 0; column < columns; column += 1) {
        const weight = values[row * columns + column];
        if (Math.abs(weight) < threshold || weight === 0) continue;
        const force = coding.force(weight);
        const mine = active !== null && ((active.layer === gap.to && active.unit === column)
          || (active.layer === gap.to - 1 && active.unit === row));
        if ((active === null ? force >= 0.4 : mine) !== (pass === 1)) continue;
        const y1 = to.top + column * to.pitchY + to.high / 2;
        const shade = FAINTEST + (1 - FAINTEST) * force;
        context.globalAlpha = active === null || mine ? 0.94 : 0.13;
        context.strokeStyle = coding.color(weight, shade);
        context.lineWidth = 0.5 + (widest - 0.5) * force;
        context.beginPath();
        context.moveTo(x0, y0);
        context.bezierCurveTo(middle, y0, middle, y1, x1, y1);
        context.stroke();
      }
    }
  }
}

/**
 * Between slivers: the strongest incoming links, straight and thin; as many as there is room for.
 * @param {CanvasRenderingContext2D} context
 * @param {NetworkLayout} layout
 * @param {Gap} gap
 * @param {WeightMatrix} matrix
 * @param {Coding} coding
 * @param {Theme} theme
 */
function paintFew(context, layout, gap, matrix, coding, theme) {
  const from = layout.columns[gap.to - 1];
  const to = layout.columns[gap.to];
  const { values, rows, columns } = matrix;
  strongestInto(values, rows, columns, strongest);
  const threshold = kthLargest(values, columns, Math.max(2, Math.round((gap.right - gap.left) * 0.8)));
  for (let column = 0; column < columns; column += 1) {
    const weight = values[strongest[column] * columns + column];
    if (Math.abs(weight) < threshold) continue;
    const force = coding.force(weight);
    context.globalAlpha = 0.9;
    context.strokeStyle = coding.color(weight, 0.3 + 0.7 * force);
    context.lineWidth = (0.4 + 0.9 * force) * theme.weight;
    context.beginPath();
    context.moveTo(gap.left, from.top + strongest[column] * from.pitchY + from.high / 2);
    context.lineTo(gap.right, to.top + column * to.pitchY + to.high / 2);
    context.stroke();
  }
}

/**
 * The size of the `wanted`-th largest of the columns' strongest links; 0 where all have room.
 * @param {Float32Array} values
 * @param {number} columns
 * @param {number} wanted
 */
function kthLargest(values, columns, wanted) {
  if (columns <= wanted) return 0;
  for (let column = 0; column < columns; column += 1) sizes[column] = Math.abs(values[strongest[column] * columns + column]);
  return sizes.subarray(0, columns).sort()[columns - wanted];
}

/**
 * @param {NetworkColumn} from
 * @param {NetworkColumn} to
 */
function widestLink(from, to) {
  const side = Math.min(from.high, to.high);
  return Math.max(1.5, Math.min(5, side * 0.145));
}

/**
 * A layer's weights as an image, from the rows to the columns, with its size beneath.
 * @param {CanvasRenderingContext2D} context
 * @param {Gap} gap
 * @param {WeightMatrix} matrix
 * @param {(matrix: WeightMatrix, pixels: Uint32Array) => void} color
 * @param {Theme} theme
 * @param {ReturnType<typeof import("./canvas.js").sheet>} sheet
 * @param {string} words
 */
export function paintMatrix(context, gap, matrix, color, theme, sheet, words) {
  const { x = 0, y = 0, wide = 0, high = 0 } = gap;
  const { image, pixels } = sheet.image(matrix.columns, matrix.rows);
  color(matrix, pixels);
  sheet.context.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(sheet.context.canvas, x, y, wide, high);
  context.imageSmoothingEnabled = true;
  context.strokeStyle = theme.edge;
  context.lineWidth = theme.weight;
  context.strokeRect(x - 0.5, y - 0.5, wide + 1, high + 1);
  context.font = theme.font(11, { mono: true });
  context.fillStyle = theme.muted;
  context.textAlign = "center";
  context.textBaseline = "top";
  if (context.measureText(words).width < gap.right - gap.left) context.fillText(words, x + wide / 2, y + high + 5);
}

/**
 * Short strokes that tie a matrix to its columns, so that the eye still goes from left to right.
 * @param {CanvasRenderingContext2D} context
 * @param {Gap} gap
 * @param {Theme} theme
 */
export function paintTies(context, { left, right, x = 0, y = 0, wide = 0, high = 0 }, theme) {
  context.strokeStyle = theme.line;
  context.lineWidth = 1.5 * theme.weight;
  context.beginPath();
  context.moveTo(left + 3, y + high / 2);
  context.lineTo(x - 3, y + high / 2);
  context.moveTo(x + wide + 3, y + high / 2);
  context.lineTo(right - 3, y + high / 2);
  context.stroke();
}

/**
 * The units of a column. `atlas` holds their maps; null: no plane to map, so plain boxes.
 * @param {CanvasRenderingContext2D} context
 * @param {NetworkColumn} column
 * @param {{canvas: HTMLCanvasElement, pattern: CanvasPattern, block: import("./raster.js").Block, size: number} | null} atlas
 * @param {Theme} theme
 * @param {DOMMatrix} matrix used again for every tile
 */
export function paintUnits(context, column, atlas, theme, matrix) {
  if (column.form === "tiles") {
    const radius = Math.min(7, column.high * 0.2);
    context.lineWidth = theme.weight;
    context.strokeStyle = theme.edge;
    for (let unit = 0; unit < column.units; unit += 1) {
      const left = cellLeft(column, unit);
      const top = cellTop(column, unit);
      context.beginPath();
      context.roundRect(left, top, column.wide, column.high, radius);
      if (atlas === null) {
        context.fillStyle = theme.panel;
      } else {
        const step = column.wide / (atlas.size - 1);
        const rise = column.high / (atlas.size - 1);
        matrix.a = step;
        matrix.d = rise;
        matrix.e = left - (atlas.block.x + 0.5) * step;
        matrix.f = top - (unit * (atlas.size + 1) + 0.5) * rise;
        atlas.pattern.setTransform(matrix);
        context.fillStyle = atlas.pattern;
      }
      context.fill();
      context.stroke();
    }
    return;
  }
  if (atlas !== null) {
    const cell = atlas.size + 1;
    const { block } = atlas;
    // The whole block in one go: the transparent pixel between the maps is the gap between the cells.
    const wide = column.form === "mosaic" ? column.pitchX * block.across : column.wide;
    const source = column.form === "mosaic" ? block.across * cell : atlas.size;
    context.drawImage(atlas.canvas, block.x, 0, source, block.down * cell, column.left, column.top, wide, column.pitchY * block.down);
  }
  if (atlas !== null && column.form === "mosaic") return;
  if (atlas !== null && column.high > 4) {
    // The gaps between a sliver's cells: one fill instead of a clip per cell.
    context.fillStyle = theme.page;
    context.beginPath();
    for (let unit = 0; unit < column.units; unit += 1) {
      context.rect(column.left - 0.5, cellTop(column, unit) + column.high, column.wide + 1, column.pitchY - column.high + 0.5);
    }
    context.fill();
  }
  context.fillStyle = theme.sunken;
  context.strokeStyle = atlas === null ? theme.edge : theme.line;
  context.lineWidth = 0.75 * theme.weight;
  if (column.high < 3 || column.wide < 2.5) {
    if (atlas === null) context.fillRect(column.left, column.top, rightOf(column) - column.left, column.pitchY * column.units);
    return;
  }
  context.beginPath();
  for (let unit = 0; unit < column.units; unit += 1) {
    context.roundRect(cellLeft(column, unit), cellTop(column, unit), column.wide, column.high, Math.min(3, column.wide * 0.3));
  }
  if (atlas === null) context.fill();
  context.stroke();
}

/**
 * A dot at every unit's lower left corner: colour as the links have it, size as area.
 * @param {CanvasRenderingContext2D} context
 * @param {NetworkColumn} column
 * @param {Float32Array} biases
 * @param {Coding} coding
 * @param {Theme} theme
 */
export function paintBiases(context, column, biases, coding, theme) {
  if (column.form !== "tiles" || column.high < 9) return;
  const largest = Math.max(2, Math.min(5.5, column.high * 0.15)) * theme.weight;
  context.lineWidth = 1;
  context.strokeStyle = theme.page;
  for (let unit = 0; unit < column.units; unit += 1) {
    const bias = biases[unit];
    const force = coding.force(bias);
    const radius = largest * (0.4 + 0.6 * Math.sqrt(force));
    context.fillStyle = bias === 0 ? theme.edge : coding.color(bias, coding.flow ? force : 0.89);
    context.beginPath();
    context.arc(cellLeft(column, unit) + 0.5, cellTop(column, unit) + column.high - 0.5, radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {NetworkColumn} column
 * @param {number} unit
 * @param {string} color
 * @param {number} width
 */
export function paintRing(context, column, unit, color, width) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.beginPath();
  const grow = width / 2 + 0.5;
  context.roundRect(cellLeft(column, unit) - grow, cellTop(column, unit) - grow, column.wide + 2 * grow, column.high + 2 * grow, Math.min(8, column.high * 0.26));
  context.stroke();
}
