/** Saturated and dead share of every layer, filled, and the same of the untrained net as a tick: only more than that is news. */

import { drawNote } from "../draw/canvas.js";
import { ageTeller, layerName } from "../draw/format.js";
import { rowPanel } from "../draw/row_panel.js";
import { rowTop } from "../draw/rows.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {import("../draw/theme.js").Theme} Theme */

const SHARES = [
  { name: "saturated_share", word: "saturated", of: "of neurons × examples" },
  { name: "dead_share", word: "dead", of: "of neurons" },
];

/**
 * @param {HTMLElement} element
 * @param {{named?: () => boolean, onLayer?: (layer: number | null) => void}} [options]
 */
export function mount(element, options = {}) {
  element.classList.add("view", "view-shares");
  const tellAge = ageTeller();
  let age = "";
  const row = rowPanel(element, {
    ...options,
    paint,
    layers: (slice) => slice.arrays?.dead_share?.length ?? 0,
    lines(layer) {
      const { arrays } = row.slice;
      return [
        `${layerName(layer, arrays?.dead_share?.length ?? 0)} ${age}`.trim(),
        ...SHARES.map(({ name, word, of }) => `${word} ${percent(arrays?.[name]?.[layer - 1])}, untrained ${percent(arrays?.[`untrained_${name}`]?.[layer - 1])} ${of}`),
      ];
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
    const { arrays, header } = row.slice;
    if (!arrays?.dead_share) {
      drawNote(row.view, header ? "Measured with the next step." : "", look);
      return null;
    }
    const gap = 14;
    const own = (wide - gap) / 2;
    SHARES.forEach(({ name, word }, index) => {
      const x = left + index * (own + gap);
      context.font = look.font(11.5, { bold: true });
      context.fillStyle = look.ink;
      context.textAlign = "left";
      context.textBaseline = "alphabetic";
      context.fillText(word, x, rows.top - 9 * look.type);
      paintColumn(context, arrays[name], arrays[`untrained_${name}`], rows, x, own, look);
      context.font = look.font(11.5, { mono: true });
      context.fillStyle = look.muted;
      context.textBaseline = "top";
      context.textAlign = "left";
      context.fillText("0", x, rows.bottom + 7);
      context.textAlign = "right";
      context.fillText("100 %", x + own, rows.bottom + 7);
    });
    age = tellAge(header, header?.lab?.step);
    return `Saturated and dead share of ${rows.layers} layers against the untrained net${age && `, ${age}`}. ${worst(arrays)}`;
  }

  return (/** @type {Slice} */ next) => row.show(next);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("../draw/slice.js").Numbers | undefined} now
 * @param {import("../draw/slice.js").Numbers | undefined} untrained
 * @param {import("../draw/rows.js").Rows} rows
 * @param {number} left
 * @param {number} wide
 * @param {Theme} look
 */
function paintColumn(context, now, untrained, rows, left, wide, look) {
  const gap = rows.pitch > 6 ? 0.2 * rows.pitch : 0.6;
  for (let layer = 1; layer <= rows.layers; layer += 1) {
    const share = now?.[layer - 1] ?? Number.NaN;
    const before = untrained?.[layer - 1] ?? Number.NaN;
    const y = rowTop(rows, layer) + gap / 2;
    const high = rows.pitch - gap;
    context.fillStyle = look.line;
    context.globalAlpha = Number.isNaN(share) ? 0.25 : 0.6;
    context.fillRect(left, y, wide, high);
    context.globalAlpha = 1;
    if (Number.isNaN(share)) continue;
    context.fillStyle = share > before + 0.05 ? look.warning : look.muted;
    context.fillRect(left, y, wide * share, high);
    if (Number.isNaN(before)) continue;
    context.fillStyle = look.ink;
    context.fillRect(left + wide * before - 1, y - gap / 2, 2 * look.weight, rows.pitch);
  }
}

/** @param {import("../draw/slice.js").Arrays} arrays */
function worst(arrays) {
  return SHARES.map(({ name, word }) => {
    const values = Array.from(arrays[name] ?? []).filter((value) => !Number.isNaN(value));
    return values.length === 0 ? `No layer can be ${word}.` : `At most ${percent(Math.max(...values))} ${word}.`;
  }).join(" ");
}

/** @param {number | undefined} share */
function percent(share) {
  return share === undefined || Number.isNaN(share) ? "–" : `${Math.round(100 * share)} %`;
}
