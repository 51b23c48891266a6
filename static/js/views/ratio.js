/** How much one update moves each layer: ‖update‖ ÷ ‖w‖, on a log axis with the band that is healthy. */

import { drawNote, drawPower } from "../draw/canvas.js";
import { compact, layerName } from "../draw/format.js";
import { rowPanel } from "../draw/row_panel.js";
import { rowMiddle } from "../draw/rows.js";
import { ratioKind } from "../draw/scale.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {import("../draw/theme.js").Theme} Theme */

/** Exponents at the ends of the axis, and of the band around the rule of thumb, 10^-3. */
const LOW = -7.5;
const HIGH = -0.5;
const BAND = { low: -4, high: -2 };

/**
 * @param {HTMLElement} element
 * @param {{named?: () => boolean, onLayer?: (layer: number | null) => void}} [options]
 */
export function mount(element, options = {}) {
  element.classList.add("view", "view-ratio");
  const row = rowPanel(element, {
    ...options,
    paint,
    layers: (slice) => slice.arrays?.update_ratio?.length ?? 0,
    lines(layer) {
      const ratios = row.slice.arrays?.update_ratio ?? [];
      return [layerName(layer, ratios.length), `‖update‖ ÷ ‖w‖ ${compact(finiteOrNull(ratios[layer - 1]))}`];
    },
  });

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import("../draw/rows.js").Rows} rows
   * @param {number} left
   * @param {number} wide
   * @param {Theme} look
   */
  function paint(context, rows, left, wide, look) {
    const ratios = row.slice.arrays?.update_ratio;
    if (!ratios || ratios.length === 0) {
      drawNote(row.view, row.slice.header ? "Updates are measured with the next step." : "", look);
      return null;
    }
    /** @param {number} exponent */
    const place = (exponent) => left + ((Math.min(HIGH, Math.max(LOW, exponent)) - LOW) / (HIGH - LOW)) * wide;
    paintBand(context, place, rows, look);
    const none = row.slice.header?.diverged ? "not finite" : row.slice.header?.step === 0 ? "no step yet" : "no ratio";
    for (let layer = 1; layer <= ratios.length; layer += 1) {
      paintRow(context, ratios[layer - 1], rowMiddle(rows, layer), rows.pitch, left, place, look, none);
    }
    context.fillStyle = look.muted;
    context.textBaseline = "top";
    context.textAlign = "center";
    for (const exponent of wide > 120 ? [-7, -5, -3, -1] : [-6, -3]) {
      drawPower(context, exponent, place(exponent), rows.bottom + 8, look.font, 11.5);
    }
    return words(ratios);
  }

  /** @param {ArrayLike<number>} ratios */
  function words(ratios) {
    const off = Array.from(ratios).filter((ratio) => ["low", "high"].includes(ratioKind(ratio, BAND))).length;
    return `Update divided by weight per layer; ${ratios.length - off} of ${ratios.length} layers inside the healthy band around 0.001; `
      + `layer 1 ${compact(ratios[0])}, output ${compact(ratios[ratios.length - 1])}.`;
  }

  return (/** @type {Slice} */ next) => row.show(next);
}

/** Where ‖w‖ is 0 the ratio is NaN: there is none. @param {number} value */
function finiteOrNull(value) {
  return Number.isNaN(value) ? null : value;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {(exponent: number) => number} place
 * @param {import("../draw/rows.js").Rows} rows
 * @param {Theme} look
 */
function paintBand(context, place, rows, look) {
  context.globalAlpha = look.dark ? 0.1 : 0.07;
  context.fillStyle = look.ink;
  context.fillRect(place(BAND.low), rows.top, place(BAND.high) - place(BAND.low), rows.bottom - rows.top);
  context.globalAlpha = 1;
  context.fillStyle = look.muted;
  context.font = look.font(11.5);
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.fillText("healthy", place(-3), rows.top - 9 * look.type);
  context.strokeStyle = look.muted;
  context.lineWidth = look.weight;
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(Math.round(place(-3)) + 0.5, rows.top);
  context.lineTo(Math.round(place(-3)) + 0.5, rows.bottom);
  context.stroke();
  context.setLineDash([]);
}

/**
 * A filled dot inside the band, a hollow diamond below it, a hollow triangle above it.
 * @param {CanvasRenderingContext2D} context
 * @param {number} ratio
 * @param {number} y
 * @param {number} pitch
 * @param {number} left
 * @param {(exponent: number) => number} place
 * @param {Theme} look
 * @param {string} none what is said where there is no ratio
 */
function paintRow(context, ratio, y, pitch, left, place, look, none) {
  const kind = ratioKind(ratio, BAND);
  const size = Math.min(5.2, Math.max(1.6, pitch * 0.28)) * (look.type > 1 ? 1.15 : 1);
  const x = kind === "none" ? left : place(ratio > 0 ? Math.log10(ratio) : LOW);
  context.strokeStyle = look.muted;
  context.globalAlpha = look.dark ? 0.5 : 0.4;
  context.lineWidth = (pitch < 8 ? 0.8 : 1.8) * look.weight;
  context.beginPath();
  context.moveTo(left, y);
  context.lineTo(Math.max(left, x - size), y);
  context.stroke();
  context.globalAlpha = 1;
  if (kind === "none") {
    context.font = look.font(11);
    context.fillStyle = look.muted;
    context.textAlign = "left";
    context.textBaseline = "middle";
    if (pitch > 9) context.fillText(none, left, y);
    return;
  }
  context.beginPath();
  if (kind === "healthy") {
    context.arc(x, y, size, 0, 2 * Math.PI);
    context.fillStyle = look.ink;
    context.fill();
    return;
  }
  if (ratio < 10 ** LOW) {
    // Beyond the axis: an arrow head that says so.
    context.moveTo(x - size, y);
    context.lineTo(x + size * 0.6, y - size);
    context.lineTo(x + size * 0.6, y + size);
  } else if (kind === "low") {
    context.moveTo(x, y - size * 1.15);
    context.lineTo(x + size * 1.15, y);
    context.lineTo(x, y + size * 1.15);
    context.lineTo(x - size * 1.15, y);
  } else {
    context.moveTo(x, y - size * 1.2);
    context.lineTo(x + size * 1.15, y + size * 0.85);
    context.lineTo(x - size * 1.15, y + size * 0.85);
  }
  context.closePath();
  context.fillStyle = look.sunken;
  context.strokeStyle = look.warning;
  context.lineWidth = (pitch < 8 ? 1.1 : 1.7) * look.weight;
  context.lineJoin = "miter";
  context.fill();
  context.stroke();
}
