/** A panel of the lab's table: rows that it shares with its neighbours, names beside them, the layer pointed at. */

import { describer, panel } from "./canvas.js";
import { layerName } from "./format.js";
import { labelled, layerAt, rowMiddle, rowsIn, rowTop } from "./rows.js";
import { theme } from "./theme.js";
import { tooltip } from "./tooltip.js";

/** @typedef {import("./theme.js").Theme} Theme */
/** @typedef {import("./rows.js").Rows} Rows */
/** @typedef {import("./slice.js").Slice} Slice */

/** Names at the left of a panel that stands first, CSS px before the factor on type. */
const NAMES = 62;

/**
 * @param {HTMLElement} element
 * @param {object} own
 * @param {(context: CanvasRenderingContext2D, rows: Rows, left: number, wide: number, look: Theme) => string | null} own.paint
 *   paints between `left` and `left + wide`; answers the picture in words, null when it has drawn a note instead
 * @param {(slice: Slice) => number} own.layers how many rows there are
 * @param {(layer: number, x: number) => string[]} own.lines what the tooltip says
 * @param {() => boolean} [own.named] do the layers' names stand here?
 * @param {(layer: number | null) => void} [own.onLayer]
 */
export function rowPanel(element, own) {
  /** @type {Slice} */
  let slice = {};
  let drawn = false;
  const view = panel(element, ({ context, width, height }) => {
    const look = theme();
    const layers = own.layers(slice);
    const rows = rowsIn(layers, height, look.type);
    const named = own.named?.() === true && layers > 0;
    const left = named ? Math.round(NAMES * look.type) : 8;
    const words = own.paint(context, rows, left, Math.max(1, width - left - 8), look);
    drawn = words !== null;
    if (words === null) return;
    if (named) paintNames(context, rows, look, slice.header?.diverged?.layer ?? null);
    paintCursor(context, rows, slice.labLayer ?? null, width, look);
    describe(() => words);
  });
  const describe = describer(view.canvas);
  const tip = tooltip(element);

  view.canvas.addEventListener("pointermove", (event) => {
    const layers = own.layers(slice);
    const layer = drawn ? layerAt(rowsIn(layers, view.height, theme().type), event.offsetY) : null;
    own.onLayer?.(layer);
    if (layer === null) tip.hide();
    else tip.show(event.offsetX, event.offsetY, own.lines(layer, event.offsetX));
  });
  view.canvas.addEventListener("pointerleave", () => {
    own.onLayer?.(null);
    tip.hide();
  });

  return {
    view,
    get slice() {
      return slice;
    },
    /** @param {Slice} next */
    show(next) {
      slice = next;
      view.draw();
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Rows} rows
 * @param {Theme} look
 * @param {number | null} broken the first layer whose numbers were no longer finite
 * @param {boolean} [short]
 */
export function paintNames(context, rows, look, broken, short = false) {
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.font = look.font(rows.pitch < 14 || short ? 11 : 12.5, { bold: true });
  const room = 15 * look.type;
  for (const layer of labelled(rows, room)) {
    if (broken !== null && layer !== broken && Math.abs(layer - broken) * rows.pitch < room) continue;
    name(layer);
  }
  if (broken !== null && broken >= 1 && broken <= rows.layers) name(broken);

  /** @param {number} layer */
  function name(layer) {
    context.fillStyle = layer === broken ? look.error : look.ink;
    const text = layerName(layer, rows.layers, short);
    context.fillText(layer === broken ? `✕ ${text}` : text, 0, labelY(rows, layer, look));
  }
}

/** @param {Rows} rows @param {number} layer @param {Theme} look */
export function labelY(rows, layer, look) {
  return Math.min(rows.bottom - 5 * look.type, Math.max(rows.top + 5 * look.type, rowMiddle(rows, layer)));
}

/**
 * The row that is pointed at, here or in a neighbour.
 * @param {CanvasRenderingContext2D} context
 * @param {Rows} rows
 * @param {number | null} layer
 * @param {number} width
 * @param {Theme} look
 */
export function paintCursor(context, rows, layer, width, look) {
  if (layer === null || layer > rows.layers) return;
  context.strokeStyle = look.ink;
  context.lineWidth = 1.2 * look.weight;
  context.strokeRect(0.6, Math.round(rowTop(rows, layer)) - 0.4, width - 1.2, Math.max(3, rows.pitch));
}
