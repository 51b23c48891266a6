/** One quantity of now against the layer, log scale, in the lab's rows; for ‖delta‖ theory's line and band behind it. */

import { deltaBand } from "../draw/band.js";
import { drawNote } from "../draw/canvas.js";
import { paintDecades } from "../draw/decades.js";
import { compact, layerName } from "../draw/format.js";
import { paintHatch } from "../draw/marks.js";
import { quantityOf, slopeSentence, slopeTowardsInput, slopeWords } from "../draw/quantities.js";
import { rowPanel } from "../draw/row_panel.js";
import { rowMiddle, rowTop } from "../draw/rows.js";
import { exponentRange } from "../draw/scale.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {import("../draw/theme.js").Theme} Theme */
/** @typedef {import("../draw/rows.js").Rows} Rows */
/** @typedef {import("../draw/slice.js").Numbers} Numbers */
/** @typedef {(exponent: number) => number} Place */

/**
 * @param {HTMLElement} element
 * @param {{named?: () => boolean, onLayer?: (layer: number | null) => void}} [options]
 */
export function mount(element, options = {}) {
  element.classList.add("view", "view-profile");
  const row = rowPanel(element, {
    ...options,
    paint,
    layers: (slice) => slice.arrays?.delta_norm?.length ?? 0,
    lines(layer) {
      const { arrays } = row.slice;
      const quantity = quantityOf(row.slice.labQuantity);
      const values = arrays?.[quantity.name];
      const seeds = quantity.name === "delta_norm" ? deltaBand(row.slice) : null;
      const theory = quantity.name === "delta_norm" ? arrays?.theory_log_delta?.[layer - 1] : undefined;
      return [
        layerName(layer, values?.length ?? 0),
        `${quantity.word} ${compact(values?.[layer - 1])}`,
        ...(theory !== undefined && Number.isFinite(theory) ? [`theory ${compact(10 ** theory)}`] : []),
        ...(seeds ? [`${seeds.seeds} seeds ${compact(seeds.low[layer - 1])} … ${compact(seeds.high[layer - 1])}, median ${compact(seeds.median[layer - 1])}`] : []),
      ];
    },
  });

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Rows} rows
   * @param {number} left
   * @param {number} wide
   * @param {Theme} look
   */
  function paint(context, rows, left, wide, look) {
    const { arrays, header } = row.slice;
    const quantity = quantityOf(row.slice.labQuantity);
    const norms = arrays?.[quantity.name];
    if (!norms || norms.length === 0) {
      drawNote(row.view, header ? "Measured with the next step." : "", look);
      return null;
    }
    const told = quantity.name === "delta_norm" ? lineOf(arrays) : null;
    const seeds = quantity.name === "delta_norm" ? deltaBand(row.slice) : null;
    const range = exponentRange([norms, ...(seeds ? [seeds.low, seeds.high] : [])], told ? [told.low, told.line, told.high] : []);
    /** @type {Place} */
    const place = (exponent) => left + ((Math.min(range.high, Math.max(range.low, exponent)) - range.low) / (range.high - range.low)) * wide;
    paintDecades(context, range, place, rows, left, wide, look);
    const theory = header?.lab?.theory;
    if (seeds) paintSeeds(context, seeds, place, rows, look);
    // Two shaded bands on one another can't be read: that of the seeds is measured.
    if (told) paintTheory(context, told, place, rows, theory?.applies === true, look, !seeds);
    paintMeasured(context, norms, quantity.zero !== undefined, place, rows, left, wide, look);
    paintHead(context, quantity.name === "delta_norm", norms, theory, rows, left, wide, look);
    return `${quantity.word}, ${quantity.meaning}, against the layer. ${slopeSentence(quantity, norms, theory)}.${seeds ? ` ${seeds.seeds} seeds at step ${seeds.step}, layer 1: median ${compact(seeds.median[0])}, 10 to 90 % from ${compact(seeds.low[0])} to ${compact(seeds.high[0])}.` : ""}`;
  }

  return (/** @type {Slice} */ next) => row.show(next);
}

/** @param {import("../draw/slice.js").Arrays | null | undefined} arrays */
function lineOf(arrays) {
  const line = arrays?.theory_log_delta;
  const low = arrays?.theory_log_delta_low;
  const high = arrays?.theory_log_delta_high;
  return line && low && high && line.length > 0 && Number.isFinite(line[0]) ? { line, low, high } : null;
}

/**
 * The middle eight of ten seeds, and their median.
 * @param {CanvasRenderingContext2D} context
 * @param {import("../draw/band.js").Quantiles} seeds
 * @param {Place} place
 * @param {Rows} rows
 * @param {Theme} look
 */
function paintSeeds(context, { low, median, high }, place, rows, look) {
  /** @param {Numbers} values @param {number} layer */
  const to = (values, layer) => context.lineTo(place(Math.log10(Math.max(1e-300, values[layer - 1]))), rowMiddle(rows, layer));
  const color = look.flow.css[look.dark ? 190 : 165];
  context.beginPath();
  for (let layer = 1; layer <= low.length; layer += 1) if (Number.isFinite(low[layer - 1])) to(low, layer);
  for (let layer = high.length; layer >= 1; layer -= 1) if (Number.isFinite(high[layer - 1])) to(high, layer);
  context.closePath();
  context.globalAlpha = 0.2;
  context.fillStyle = color;
  context.fill();
  context.globalAlpha = 1;
  context.beginPath();
  for (let layer = 1; layer <= median.length; layer += 1) if (Number.isFinite(median[layer - 1])) to(median, layer);
  context.setLineDash([4 * look.weight, 3]);
  context.strokeStyle = color;
  context.lineWidth = 1.4 * look.weight;
  context.stroke();
  context.setLineDash([]);
}

/**
 * Theory's band and dashed line; a dotted line alone where it speaks of the untrained net only.
 * @param {CanvasRenderingContext2D} context
 * @param {{line: Numbers, low: Numbers, high: Numbers}} theory
 * @param {Place} place
 * @param {Rows} rows
 * @param {boolean} applies
 * @param {Theme} look
 * @param {boolean} shaded
 */
function paintTheory(context, { line, low, high }, place, rows, applies, look, shaded) {
  if (applies && shaded) {
    context.beginPath();
    for (let layer = 1; layer <= low.length; layer += 1) context.lineTo(place(low[layer - 1]), rowMiddle(rows, layer));
    for (let layer = high.length; layer >= 1; layer -= 1) context.lineTo(place(high[layer - 1]), rowMiddle(rows, layer));
    context.closePath();
    context.globalAlpha = look.dark ? 0.16 : 0.11;
    context.fillStyle = look.ink;
    context.fill();
    context.globalAlpha = 1;
  }
  context.beginPath();
  for (let layer = 1; layer <= line.length; layer += 1) context.lineTo(place(line[layer - 1]), rowMiddle(rows, layer));
  context.setLineDash(applies ? [7 * look.weight, 4] : [1.5, 4]);
  context.strokeStyle = applies ? look.ink : look.muted;
  context.lineWidth = 1.6 * look.weight;
  context.stroke();
  context.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Numbers} norms
 * @param {boolean} gaps NaN means that there is none, not that it broke
 * @param {Place} place
 * @param {Rows} rows
 * @param {number} left
 * @param {number} wide
 * @param {Theme} look
 */
function paintMeasured(context, norms, gaps, place, rows, left, wide, look) {
  const size = Math.min(4.6, Math.max(1.7, rows.pitch * 0.26)) * (look.type > 1 ? 1.2 : 1);
  const color = look.flow.css[look.dark ? 190 : 165];
  context.beginPath();
  let pen = false;
  for (let layer = 1; layer <= norms.length; layer += 1) {
    const value = norms[layer - 1];
    if (!(value > 0) || !Number.isFinite(value)) {
      pen = false;
      continue;
    }
    const x = place(Math.log10(value));
    if (pen) context.lineTo(x, rowMiddle(rows, layer));
    else context.moveTo(x, rowMiddle(rows, layer));
    pen = true;
  }
  context.strokeStyle = color;
  context.lineWidth = (rows.pitch < 8 ? 1.6 : 2.2) * look.weight;
  context.lineJoin = "round";
  context.stroke();
  context.fillStyle = color;
  for (let layer = 1; layer <= norms.length; layer += 1) {
    const value = norms[layer - 1];
    const y = rowMiddle(rows, layer);
    if (!Number.isFinite(value) && !(gaps && Number.isNaN(value))) {
      context.save();
      context.beginPath();
      context.rect(left, rowTop(rows, layer), wide, rows.pitch);
      context.clip();
      paintHatch(context, { x: left, y: rowTop(rows, layer), wide, high: rows.pitch }, look);
      context.restore();
      context.fillStyle = color;
      continue;
    }
    if (!(value >= 0)) continue;
    context.beginPath();
    context.arc(value === 0 ? left : place(Math.log10(value)), y, size, 0, 2 * Math.PI);
    context.fill();
  }
}

/**
 * Above the rows: the slopes, as the room allows.
 * @param {CanvasRenderingContext2D} context
 * @param {boolean} delta
 * @param {Numbers} norms
 * @param {import("../draw/quantities.js").Theory | undefined} theory
 * @param {Rows} rows
 * @param {number} left
 * @param {number} wide
 * @param {Theme} look
 */
function paintHead(context, delta, norms, theory, rows, left, wide, look) {
  if (!theory || theory.last <= theory.first) return;
  const measured = delta ? theory.measured_slope : slopeTowardsInput(norms, theory.first, theory.last);
  context.font = look.font(11.5, { bold: true });
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  context.fillStyle = look.ink;
  const y = rows.top - 9 * look.type;
  const own = `${slopeWords(measured)} per layer`;
  context.fillText(own, left, y);
  if (!delta || theory.slope === null) return;
  const room = wide - context.measureText(own).width - 10;
  context.font = look.font(11.5);
  context.fillStyle = look.muted;
  context.textAlign = "right";
  const words = theory.applies ? `theory ${slopeWords(theory.slope)}` : `untrained ${slopeWords(theory.slope)}`;
  if (context.measureText(words).width <= room) context.fillText(words, left + wide, y);
}
