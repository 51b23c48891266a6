/** How a layer's values are distributed now: a ridgeline a layer, on one axis for the hidden layers. */

import { drawNote } from "../draw/canvas.js";
import { ageTeller, compact, layerName, withSign } from "../draw/format.js";
import { DISTRIBUTIONS } from "../draw/quantities.js";
import { rowPanel } from "../draw/row_panel.js";
import { activationAxes, rowTop } from "../draw/rows.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {import("../draw/theme.js").Theme} Theme */
/** @typedef {[number, number]} Range */

const BINS = 41;

/** @param {string | undefined} name */
const kindOf = (name) => DISTRIBUTIONS.find((each) => each.name === name) ?? DISTRIBUTIONS[0];

/**
 * @param {HTMLElement} element
 * @param {{named?: () => boolean, onLayer?: (layer: number | null) => void, onAge?: (age: string) => void}} [options]
 */
export function mount(element, options = {}) {
  element.classList.add("view", "view-activations");
  const tellAge = ageTeller();
  let age = "";
  const row = rowPanel(element, {
    ...options,
    paint,
    layers: (slice) => rangesOf(slice)?.length ?? 0,
    lines(layer) {
      const ranges = rangesOf(row.slice) ?? [];
      const [low, high] = ranges[layer - 1] ?? [];
      return [`${layerName(layer, ranges.length)} ${age}`.trim(), `${kindOf(row.slice.labDistribution).short} in ${compact(low)} … ${compact(high)}`, `‖a‖ ${compact(row.slice.arrays?.activation_norm?.[layer - 1])}`];
    },
  });

  /** @param {Slice} slice @returns {(number | null)[][] | undefined} */
  function rangesOf({ header, labDistribution }) {
    const { name } = kindOf(labDistribution);
    if (name === "activation") return header?.activation_range;
    return name === "z" ? header?.lab?.z_range : name === "weight" ? header?.lab?.weight_range : header?.lab?.weight_gradient_range;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import("../draw/rows.js").Rows} rows
   * @param {number} left
   * @param {number} wide
   * @param {Theme} look
   */
  function paint(context, rows, left, wide, look) {
    const kind = kindOf(row.slice.labDistribution);
    const counts = row.slice.arrays?.[`${kind.name}_histogram`];
    const ranges = rangesOf(row.slice);
    if (!counts || !ranges || ranges.length === 0 || counts.length < ranges.length * BINS) {
      drawNote(row.view, row.slice.header ? "Measured with the next step." : "", look);
      return null;
    }
    const layers = ranges.length;
    const axes = activationAxes(ranges);
    paintGround(context, axes.hidden, rows, left, wide, look);
    const peak = Math.min(44, Math.max(rows.pitch * 1.3, Math.min(16, rows.pitch * 3)));
    const hiddenFill = gradientOf(context, axes.hidden, left, wide, look);
    const outputFill = gradientOf(context, axes.output, left, wide, look);
    context.lineWidth = (rows.pitch < 8 ? 0.8 : 1.2) * look.weight;
    context.lineJoin = "round";
    for (let layer = layers; layer >= 1; layer -= 1) {
      const output = layer === layers && layers > 1;
      const axis = output ? axes.output : axes.hidden;
      const [low, high] = ranges[layer - 1];
      const base = Math.round(rowTop(rows, layer) + rows.pitch) - 1;
      paintRidge(context, counts, layer, [Number(low), Number(high)], axis, base, peak, left, wide, output ? outputFill : hiddenFill, look);
    }
    if (layers > 1 && (axes.output[0] !== axes.hidden[0] || axes.output[1] !== axes.hidden[1]) && rows.pitch > 11) {
      paintEnds(context, axes.output, rowTop(rows, layers), left, wide, look);
    }
    paintAxis(context, axes.hidden, rows.bottom + 7, left, wide, look);
    age = tellAge(row.slice.header, kind.name === "activation" ? row.slice.header?.activation_step : row.slice.header?.lab?.step);
    options.onAge?.(age);
    const [low, high] = ranges[0];
    return `Ridgelines of ${layers} layers, ${kind.title.toLowerCase()}${age && `, ${age}`}; layer 1 lies in ${compact(low)} to ${compact(high)}.`;
  }

  return (/** @type {Slice} */ next) => row.show(next);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Range} axis
 * @param {number} left
 * @param {number} wide
 * @param {Theme} look
 */
function gradientOf(context, axis, left, wide, look) {
  const fill = context.createLinearGradient(left, 0, left + wide, 0);
  const reach = Math.max(Math.abs(axis[0]), Math.abs(axis[1]));
  for (let part = 0; part <= 16; part += 1) {
    const value = axis[0] + ((axis[1] - axis[0]) * part) / 16;
    fill.addColorStop(part / 16, look.signed.css[Math.round(127.5 + (127.5 * value) / reach)]);
  }
  return fill;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("../draw/slice.js").Numbers} counts
 * @param {number} layer
 * @param {Range} range of the histogram
 * @param {Range} axis
 * @param {number} base y of its line
 * @param {number} peak px of a full bin
 * @param {number} left
 * @param {number} wide
 * @param {CanvasGradient} fill
 * @param {Theme} look
 */
function paintRidge(context, counts, layer, range, axis, base, peak, left, wide, fill, look) {
  const scale = wide / (axis[1] - axis[0]);
  const from = left + (range[0] - axis[0]) * scale;
  const step = ((range[1] - range[0]) * scale) / BINS;
  const first = (layer - 1) * BINS;
  context.fillStyle = fill;
  context.strokeStyle = look.ink;
  if (step > 0) {
    context.beginPath();
    context.moveTo(from, base);
    for (let bin = 0; bin < BINS; bin += 1) context.lineTo(from + (bin + 0.5) * step, base - (counts[first + bin] / 255) * peak);
    context.lineTo(from + BINS * step, base);
    context.closePath();
    context.fill();
  }
  context.beginPath();
  context.moveTo(left, base);
  if (step > 0) {
    context.lineTo(Math.max(left, from), base);
    for (let bin = 0; bin < BINS; bin += 1) context.lineTo(from + (bin + 0.5) * step, base - (counts[first + bin] / 255) * peak);
    context.lineTo(Math.min(left + wide, from + BINS * step), base);
  }
  context.lineTo(left + wide, base);
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Range} axis
 * @param {import("../draw/rows.js").Rows} rows
 * @param {number} left
 * @param {number} wide
 * @param {Theme} look
 */
function paintGround(context, axis, rows, left, wide, look) {
  context.strokeStyle = look.line;
  context.lineWidth = look.weight;
  context.beginPath();
  for (const value of [axis[0], 0, axis[1]]) {
    const x = Math.round(left + ((value - axis[0]) / (axis[1] - axis[0])) * wide) + 0.5;
    context.moveTo(x, rows.top);
    context.lineTo(x, rows.bottom);
  }
  context.stroke();
}

/**
 * The output's own ends, in its row: its axis is not the one below.
 * @param {CanvasRenderingContext2D} context
 * @param {Range} axis
 * @param {number} y
 * @param {number} left
 * @param {number} wide
 * @param {Theme} look
 */
function paintEnds(context, axis, y, left, wide, look) {
  context.font = look.font(10.5, { mono: true });
  context.fillStyle = look.muted;
  context.textBaseline = "alphabetic";
  // A rim in the ground's colour: peaks may rise behind the words.
  context.strokeStyle = look.sunken;
  context.lineWidth = 3;
  context.lineJoin = "round";
  for (const end of [0, 1]) {
    context.textAlign = end === 0 ? "left" : "right";
    const x = end === 0 ? left - 4 : left + wide + 4;
    context.strokeText(withSign(axis[end]), x, y - 9 * look.type);
    context.fillText(withSign(axis[end]), x, y - 9 * look.type);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Range} axis
 * @param {number} y
 * @param {number} left
 * @param {number} wide
 * @param {Theme} look
 */
function paintAxis(context, axis, y, left, wide, look) {
  context.font = look.font(11.5, { mono: true });
  context.fillStyle = look.muted;
  context.textBaseline = "top";
  context.textAlign = "left";
  context.fillText(withSign(axis[0]), left, y);
  context.textAlign = "right";
  context.fillText(withSign(axis[1]), left + wide, y);
  if (axis[0] < 0 && axis[1] > 0) {
    context.textAlign = "center";
    context.fillText("0", left + (-axis[0] / (axis[1] - axis[0])) * wide, y);
  }
}
