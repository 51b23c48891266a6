/** One quantity over time as lines, a line a layer: deep layers dark, early ones light, each named where there is room. */

import { describer, drawNote, drawPower, panel } from "../draw/canvas.js";
import { compact, layerName, thousands } from "../draw/format.js";
import { paintHatch } from "../draw/marks.js";
import { quantityOf } from "../draw/quantities.js";
import { rowsIn } from "../draw/rows.js";
import { codeExponent, CODE_NOT_FINITE, CODE_ZERO, logTicks } from "../draw/scale.js";
import { theme } from "../draw/theme.js";
import { tooltip } from "../draw/tooltip.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {import("../draw/slice.js").Numbers} Numbers */
/** @typedef {import("../draw/theme.js").Theme} Theme */
/** @typedef {{steps: Numbers, codes: Numbers, layers: number, count: number, low: number, high: number, left: number, right: number, top: number, bottom: number}} Plot */

/**
 * @param {HTMLElement} element
 * @param {{onLayer?: (layer: number | null) => void}} [options]
 */
export function mount(element, options = {}) {
  element.classList.add("view", "view-curves");
  /** @type {Slice} */
  let slice = {};
  /** @type {Plot | null} */
  let plot = null;
  const view = panel(element, paint);
  const describe = describer(view.canvas);
  const tip = tooltip(element);

  /** @param {import("../draw/canvas.js").Panel} panel */
  function paint({ context, width, height }) {
    const look = theme();
    const quantity = quantityOf(slice.labQuantity);
    const steps = slice.arrays?.map_step;
    const codes = slice.arrays?.[`map_${quantity.name}`];
    plot = null;
    if (!steps || !codes || steps.length === 0) {
      drawNote(view, slice.header ? "Measured with the next step." : "", look);
      return;
    }
    const rows = rowsIn(1, height, look.type);
    const layers = codes.length / steps.length;
    const { low, high } = codeRange(codes);
    plot = { steps, codes, layers, count: steps.length, low, high, left: 42 * look.type, right: width - 62 * look.type, top: rows.top, bottom: rows.bottom };
    paintGrid(context, plot, look);
    paintBroken(context, plot, look);
    const chosen = slice.labLayer ?? null;
    for (let layer = 1; layer <= layers; layer += 1) if (layer !== chosen) paintLine(context, plot, layer, false, look);
    if (chosen !== null && chosen <= layers) paintLine(context, plot, chosen, true, look);
    paintNames(context, plot, chosen, look);
    describe(() => `${quantity.word} (${quantity.meaning}) of ${layers} layers over ${thousands(steps[steps.length - 1])} steps, as lines.`);
  }

  view.canvas.addEventListener("pointermove", (event) => {
    const found = plot ? nearest(plot, event.offsetX, event.offsetY) : null;
    options.onLayer?.(found?.layer ?? null);
    if (!plot || !found) {
      tip.hide();
      return;
    }
    const code = plot.codes[found.index * plot.layers + found.layer - 1];
    const word = quantityOf(slice.labQuantity).word;
    const value = code === CODE_ZERO ? "0" : code === CODE_NOT_FINITE ? "not finite" : compact(10 ** codeExponent(code));
    tip.show(event.offsetX, event.offsetY, [`${layerName(found.layer, plot.layers)}, step ${thousands(plot.steps[found.index])}`, `${word} ${value}`]);
  });
  view.canvas.addEventListener("pointerleave", () => {
    options.onLayer?.(null);
    tip.hide();
  });

  return (/** @type {Slice} */ next) => {
    slice = next;
    view.draw();
  };
}

/** Even exponents around all codes that have a size. @param {Numbers} codes */
function codeRange(codes) {
  let least = 255;
  let most = 0;
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index];
    if (code === CODE_ZERO || code === CODE_NOT_FINITE) continue;
    least = Math.min(least, code);
    most = Math.max(most, code);
  }
  if (most === 0) return { low: -6, high: 0 };
  const low = 2 * Math.floor(codeExponent(least) / 2);
  return { low, high: Math.max(low + 2, 2 * Math.ceil(codeExponent(most) / 2)) };
}

/** @param {Plot} plot @param {number} index */
function placeX({ steps, count, left, right }, index) {
  const span = steps[count - 1] - steps[0];
  return span > 0 ? left + ((steps[index] - steps[0]) / span) * (right - left) : right;
}

/** @param {Plot} plot @param {number} code */
function placeY({ low, high, top, bottom }, code) {
  return bottom - ((codeExponent(code) - low) / (high - low)) * (bottom - top);
}

/** @param {CanvasRenderingContext2D} context @param {Plot} plot @param {Theme} look */
function paintGrid(context, plot, look) {
  const { low, high, left, right, top, bottom, steps, count } = plot;
  context.strokeStyle = look.line;
  context.lineWidth = look.weight;
  context.fillStyle = look.muted;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const value of logTicks(low, high, Math.max(2, Math.floor((bottom - top) / (26 * look.type))))) {
    const exponent = Math.round(Math.log10(value));
    const y = Math.round(bottom - ((exponent - low) / (high - low)) * (bottom - top)) + 0.5;
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(right, y);
    context.stroke();
    drawPower(context, exponent, left - 6, y, look.font, 11.5);
  }
  context.font = look.font(11.5, { mono: true });
  context.textBaseline = "top";
  context.textAlign = "left";
  context.fillText(thousands(steps[0]), left, bottom + 7);
  context.textAlign = "right";
  if (count > 1) context.fillText(thousands(steps[count - 1]), right, bottom + 7);
  context.font = look.font(11.5);
  context.textAlign = "center";
  context.fillText("training step", (left + right) / 2, bottom + 7);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Plot} plot
 * @param {number} layer
 * @param {boolean} chosen
 * @param {Theme} look
 */
function paintLine(context, plot, layer, chosen, look) {
  const { codes, layers, count } = plot;
  context.beginPath();
  let pen = false;
  for (let index = 0; index < count; index += 1) {
    const code = codes[index * layers + layer - 1];
    if (code === CODE_ZERO || code === CODE_NOT_FINITE) {
      pen = false;
      continue;
    }
    const x = placeX(plot, index);
    const y = placeY(plot, code);
    if (pen) context.lineTo(x, y);
    else context.moveTo(x, y);
    pen = true;
  }
  context.strokeStyle = colorOf(layer, layers, look);
  context.lineWidth = (chosen ? 3.2 : layers > 16 ? 1.1 : 1.8) * look.weight;
  context.stroke();
}

/** Moments at which a layer was not finite: hatched over the whole height. @param {CanvasRenderingContext2D} context @param {Plot} plot @param {Theme} look */
function paintBroken(context, plot, look) {
  const { codes, layers, count, top, bottom, left } = plot;
  for (let index = 0; index < count; index += 1) {
    if (!codes.subarray(index * layers, (index + 1) * layers).includes(CODE_NOT_FINITE)) continue;
    const from = index > 0 ? (placeX(plot, index - 1) + placeX(plot, index)) / 2 : left;
    const box = { x: from, y: top, wide: Math.max(6, placeX(plot, Math.min(count - 1, index + 1)) - from), high: bottom - top };
    context.save();
    context.beginPath();
    context.rect(box.x, box.y, box.wide, box.high);
    context.clip();
    paintHatch(context, box, look);
    context.restore();
  }
}

/** From the first layer, light, to the output, dark. @param {number} layer @param {number} layers @param {Theme} look */
function colorOf(layer, layers, look) {
  return look.flow.css[Math.round(85 + 160 * (layer / layers))];
}

/** @param {CanvasRenderingContext2D} context @param {Plot} plot @param {number | null} chosen @param {Theme} look */
function paintNames(context, plot, chosen, look) {
  const { codes, layers, count, right } = plot;
  context.font = look.font(11.5, { bold: true });
  context.textAlign = "left";
  context.textBaseline = "middle";
  /** @type {number[]} */
  const taken = [];
  const order = [...new Set([...(chosen ? [chosen] : []), 1, layers, ...Array.from({ length: layers }, (_, index) => index + 1)])];
  for (const layer of order) {
    const code = layer <= layers ? codes[(count - 1) * layers + layer - 1] : CODE_ZERO;
    if (code === CODE_ZERO || code === CODE_NOT_FINITE) continue;
    const y = placeY(plot, code);
    if (taken.some((other) => Math.abs(other - y) < 14 * look.type)) continue;
    taken.push(y);
    context.fillStyle = look.ink;
    context.fillText(layerName(layer, layers), right + 6, y);
  }
}

/**
 * The line under the pointer.
 * @param {Plot} plot
 * @param {number} x
 * @param {number} y
 */
function nearest(plot, x, y) {
  const { steps, count, left, right, codes, layers } = plot;
  if (x < left - 8 || x > right + 60) return null;
  const step = steps[0] + ((Math.min(right, Math.max(left, x)) - left) / Math.max(1, right - left)) * (steps[count - 1] - steps[0]);
  let index = 0;
  while (index + 1 < count && Math.abs(steps[index + 1] - step) <= Math.abs(steps[index] - step)) index += 1;
  let best = { layer: 0, away: 24 };
  for (let layer = 1; layer <= layers; layer += 1) {
    const code = codes[index * layers + layer - 1];
    if (code === CODE_ZERO || code === CODE_NOT_FINITE) continue;
    const away = Math.abs(placeY(plot, code) - y);
    if (away < best.away) best = { layer, away };
  }
  return best.layer === 0 ? null : { layer: best.layer, index };
}
