/** One quantity of every run side by side against the layer: a line a run, on one logarithmic axis. */

import { drawNote } from "../draw/canvas.js";
import { colorOf, paintMark, runsIn, strokeOf } from "../draw/compared.js";
import { paintDecades } from "../draw/decades.js";
import { compact, layerName } from "../draw/format.js";
import { quantityOf, slopeWords } from "../draw/quantities.js";
import { rowPanel } from "../draw/row_panel.js";
import { rowMiddle } from "../draw/rows.js";
import { exponentRange } from "../draw/scale.js";

/**
 * @param {HTMLElement} element
 * @param {{onLayer?: (layer: number | null) => void}} [options]
 */
export function mount(element, options = {}) {
  element.classList.add("view", "view-compared-layers");
  const row = rowPanel(element, {
    ...options,
    paint,
    named: () => true,
    layers: (slice) => slice.arrays?.delta_norm?.length ?? 0,
    lines(layer) {
      const quantity = quantityOf(row.slice.labQuantity);
      const runs = runsIn(row.slice);
      const layers = row.slice.arrays?.delta_norm?.length ?? 0;
      return [`${layerName(layer, layers)}, ${quantity.word}`, ...runs.map(({ number, told, norms }) => `${number}  ${compact(norms(quantity.name)?.[layer - 1])}  ${told.label}`)];
    },
  });

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import("../draw/rows.js").Rows} rows
   * @param {number} left
   * @param {number} wide
   * @param {import("../draw/theme.js").Theme} look
   */
  function paint(context, rows, left, wide, look) {
    const runs = runsIn(row.slice);
    const quantity = quantityOf(row.slice.labQuantity);
    if (runs.length === 0) {
      drawNote(row.view, "", look);
      return null;
    }
    const all = runs.map((run) => run.norms(quantity.name) ?? new Float64Array());
    const range = exponentRange(all);
    /** @param {number} exponent */
    const place = (exponent) => left + ((Math.min(range.high, Math.max(range.low, exponent)) - range.low) / (range.high - range.low)) * wide;
    paintDecades(context, range, place, rows, left, wide, look);
    const size = Math.min(4.6, Math.max(1.8, rows.pitch * 0.25)) * (look.type > 1 ? 1.2 : 1);
    // The session's own run is on top.
    for (const run of [...runs].reverse()) {
      const norms = all[run.number - 1];
      strokeOf(context, run.number, look);
      context.beginPath();
      let pen = false;
      for (let layer = 1; layer <= norms.length; layer += 1) {
        const value = norms[layer - 1];
        const there = value > 0 && Number.isFinite(value);
        if (there && pen) context.lineTo(place(Math.log10(value)), rowMiddle(rows, layer));
        else if (there) context.moveTo(place(Math.log10(value)), rowMiddle(rows, layer));
        pen = there;
      }
      context.stroke();
      context.setLineDash([]);
      for (let layer = 1; layer <= norms.length; layer += 1) {
        const value = norms[layer - 1];
        if (value > 0 && Number.isFinite(value)) paintMark(context, run.number, place(Math.log10(value)), rowMiddle(rows, layer), size);
        else if (value === 0) paintMark(context, run.number, left, rowMiddle(rows, layer), size);
        else if (!Number.isNaN(value) || quantity.zero === undefined) broken(context, run.number, left + wide - 9 * run.number * look.type, rowMiddle(rows, layer), look);
      }
    }
    paintNumbers(context, runs.length, rows, left, look);
    return `${quantity.word}, ${quantity.meaning}, against the layer, ${runs.length} runs: ${runs.map(({ number, told }) => `${number} ${told.label}, ${slopeWords(told.slope)} decades of ‖delta‖ per layer`).join("; ")}.`;
  }

  return row.show;
}

/** Not finite: a cross at the end of the row. @param {CanvasRenderingContext2D} context @param {number} number @param {number} x @param {number} y @param {import("../draw/theme.js").Theme} look */
function broken(context, number, x, y, look) {
  context.fillStyle = colorOf(number, look);
  context.font = look.font(12, { bold: true });
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText("✕", x, y);
}

/**
 * Above the rows: which mark is which run.
 * @param {CanvasRenderingContext2D} context
 * @param {number} count
 * @param {import("../draw/rows.js").Rows} rows
 * @param {number} left
 * @param {import("../draw/theme.js").Theme} look
 */
function paintNumbers(context, count, rows, left, look) {
  const y = rows.top - 7 * look.type;
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  context.font = look.font(12, { bold: true });
  for (let number = 1; number <= count; number += 1) {
    const x = left + (number - 1) * 36 * look.type;
    context.fillStyle = colorOf(number, look);
    paintMark(context, number, x + 5 * look.type, y - 4 * look.type, 4 * look.type);
    context.fillText(String(number), x + 13 * look.type, y);
  }
}
