/** One quantity over time: a row a layer, the output on top, colour on a log scale; the numbers of now beside it. */

import { describer, drawNote, panel, sheet } from "../draw/canvas.js";
import { create } from "../draw/dom.js";
import { brief, compact, layerName, thousands } from "../draw/format.js";
import { paintHeat } from "../draw/heat.js";
import { rampKey } from "../draw/key.js";
import { QUANTITIES, quantityOf } from "../draw/quantities.js";
import { columnsByStep } from "../draw/raster.js";
import { labelY, paintCursor, paintNames } from "../draw/row_panel.js";
import { labelColumns, labelled, layerAt, rowsIn } from "../draw/rows.js";
import { codeExponent, codeShades, CODE_NOT_FINITE, CODE_ZERO, flowDecades } from "../draw/scale.js";
import { theme } from "../draw/theme.js";
import { tooltip } from "../draw/tooltip.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {import("../draw/theme.js").Theme} Theme */
/** @typedef {import("../draw/quantities.js").Quantity} Quantity */

/** Codes at the ends of the scale stand for all that lies beyond. */
const CODE_LEAST = 1;
const CODE_MOST = 254;

/**
 * @param {HTMLElement} element
 * @param {{onLayer?: (layer: number | null) => void}} [options]
 */
export function mount(element, options = {}) {
  element.classList.add("view", "view-gradients");
  /** @type {Slice} */
  let slice = {};
  const key = rampKey();
  element.append(create("div", { class: "view-head" }, key.element));
  const view = panel(element, paint);
  const describe = describer(view.canvas);
  const tip = tooltip(element);
  const picture = sheet();
  const shades = new Uint8Array(256);
  let columns = new Uint16Array(0);
  /** @type {{steps: import("../draw/slice.js").Numbers, left: number, layers: number} | null} */
  let shown = null;

  /** @param {import("../draw/canvas.js").Panel} panel */
  function paint({ context, width, height }) {
    const look = theme();
    const quantity = quantityOf(slice.labQuantity);
    const arrays = slice.arrays ?? {};
    const { map_step: steps, [`map_${quantity.name}`]: codes, [quantity.name]: norms } = arrays;
    shown = null;
    if (!norms) {
      drawNote(view, slice.header ? "Gradients are measured with the next step." : "The gradients appear with the first frame.", look);
      return;
    }
    const layers = norms.length;
    const rows = rowsIn(layers, height, look.type);
    const texts = labelColumns(width, look.type);
    const decades = flowDecades(codes ?? [], norms);
    element.classList.toggle("view-narrow", width < 420);
    key.decades(decades);
    key.colors(look.flow.css);
    codeShades(decades, shades);
    const left = texts.left;
    const wide = width - left - 1;
    let special = "";
    if (steps && steps.length > 0 && codes instanceof Uint8Array) {
      const across = Math.max(1, Math.min(600, Math.round(wide)));
      if (columns.length !== across) columns = new Uint16Array(across);
      columnsByStep(steps, columns);
      const met = paintHeat(context, picture, { codes, layers, columns, shades }, { rows, left, wide }, look);
      special = [met.zero ? `dotted: ${quantity.zero ?? "exactly 0"}` : "", met.notFinite ? "hatched: NaN or inf" : ""].filter(Boolean).join(" · ");
      shown = { steps, left, layers };
    } else {
      context.fillStyle = look.sunken;
      context.fillRect(left, rows.top, wide, rows.bottom - rows.top);
    }
    paintNumbers(context, rows, texts, quantity, look);
    paintNames(context, rows, look, slice.header?.diverged?.layer ?? null, texts.names === "short");
    paintAxis(context, steps, special, rows, left, wide, look);
    paintCursor(context, rows, slice.labLayer ?? null, width, look);
    describe(() => words(quantity, norms));
  }

  /** The numbers of now: two, so that delta and dw are seen beside each other. @param {Quantity} quantity */
  function columnsOf(quantity) {
    return quantity.name === QUANTITIES[0].name ? [QUANTITIES[0], QUANTITIES[1]] : [QUANTITIES[0], quantity];
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import("../draw/rows.js").Rows} rows
   * @param {ReturnType<typeof labelColumns>} texts
   * @param {Quantity} quantity
   * @param {Theme} look
   */
  function paintNumbers(context, rows, texts, quantity, look) {
    if (texts.numbers === "none") return;
    const right = [texts.left - 8 - texts.number, texts.left - 8];
    const terse = texts.numbers === "one digit";
    const write = terse ? brief : compact;
    context.textAlign = "right";
    columnsOf(quantity).forEach((each, index) => {
      const chosen = each.name === quantity.name;
      context.textBaseline = "alphabetic";
      context.font = look.font(11, { bold: chosen });
      context.fillStyle = chosen ? look.ink : look.muted;
      const head = { delta_norm: terse ? "delta" : "‖delta‖", weight_gradient_norm: terse ? "dw" : "‖dw‖", weight_gradient_norm_clipped: "applied", activation_norm: "‖a‖", update_ratio: "Δw ÷ w" }[each.name];
      context.fillText(head ?? each.word, right[index], rows.top - 9 * look.type);
      context.textBaseline = "middle";
      context.font = look.font(terse ? 10.5 : 11.5, { mono: true });
      for (const layer of labelled(rows, 15 * look.type)) {
        const value = slice.arrays?.[each.name]?.[layer - 1] ?? Number.NaN;
        const none = Number.isNaN(value) && each.zero !== undefined;
        context.fillStyle = !Number.isFinite(value) && !none ? look.error : chosen ? look.ink : look.muted;
        context.fillText(none ? "–" : write(value), right[index], labelY(rows, layer, look));
      }
    });
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import("../draw/slice.js").Numbers | undefined} steps
   * @param {string} special what the marks outside the ramp mean, where there are any
   * @param {import("../draw/rows.js").Rows} rows
   * @param {number} left
   * @param {number} wide
   * @param {Theme} look
   */
  function paintAxis(context, steps, special, rows, left, wide, look) {
    context.textBaseline = "top";
    context.fillStyle = look.muted;
    const y = rows.bottom + 7;
    context.font = look.font(11.5);
    context.textAlign = "center";
    const text = special && wide > 380 ? `training step · ${special}` : special || "training step";
    if (wide > 220) context.fillText(text, left + wide / 2, y);
    if (!steps || steps.length === 0) return;
    context.font = look.font(11.5, { mono: true });
    context.textAlign = "left";
    context.fillText(thousands(steps[0]), left, y);
    context.textAlign = "right";
    if (steps.length > 1) context.fillText(thousands(steps[steps.length - 1]), left + wide, y);
  }

  /** @param {Quantity} quantity @param {import("../draw/slice.js").Numbers} norms */
  function words(quantity, norms) {
    const layers = norms.length;
    return `Map of ${quantity.word} (${quantity.meaning}) over training, ${layers} layers. `
      + `Now: ${compact(norms[layers - 1])} at the output, ${compact(norms[0])} at layer 1.`;
  }

  view.canvas.addEventListener("pointermove", (event) => {
    const layers = shown?.layers ?? 0;
    const layer = layerAt(rowsIn(layers, view.height, theme().type), event.offsetY);
    options.onLayer?.(layer);
    const arrays = slice.arrays;
    const column = shown === null ? -1 : Math.floor(((event.offsetX - shown.left) / (view.width - shown.left - 1)) * columns.length);
    if (shown === null || layer === null || column < 0 || column >= columns.length || !arrays) {
      tip.hide();
      return;
    }
    const index = columns[column];
    const lines = columnsOf(quantityOf(slice.labQuantity)).map(({ name, word, zero }) => {
      const code = arrays[`map_${name}`]?.[index * layers + layer - 1];
      return `${word} ${code === undefined ? "–" : decoded(code, zero)}`;
    });
    tip.show(event.offsetX, event.offsetY, [`${layerName(layer, layers)}, step ${thousands(shown.steps[index])}`, ...lines]);
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

/** @param {number} code @param {string} [zero] what an exact zero means */
function decoded(code, zero = "0") {
  if (code === CODE_ZERO) return zero;
  if (code === CODE_NOT_FINITE) return "not finite";
  const text = compact(10 ** codeExponent(code));
  return code === CODE_LEAST ? `${text} or less` : code === CODE_MOST ? `${text} or more` : text;
}
