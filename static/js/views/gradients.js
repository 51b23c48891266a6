/** Gradients over time: a row a layer, the output on top; the numbers of now for both quantities. */

import { describer, drawNote, panel, sheet } from "../draw/canvas.js";
import { parseHex, pixel } from "../draw/colors.js";
import { create } from "../draw/dom.js";
import { brief, compact, layerName, thousands } from "../draw/format.js";
import { rampKey } from "../draw/key.js";
import { paintDots, paintHatch } from "../draw/marks.js";
import { columnsByStep, paintNorms } from "../draw/raster.js";
import { labelColumns, labelled, layerAt, rowMiddle, rowsIn, rowTop } from "../draw/rows.js";
import { codeExponent, codeShades, CODE_NOT_FINITE, CODE_ZERO, flowDecades } from "../draw/scale.js";
import { theme } from "../draw/theme.js";
import { tooltip } from "../draw/tooltip.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {import("../draw/theme.js").Theme} Theme */
/** @typedef {"delta_norm" | "weight_gradient_norm"} Quantity */

/** @type {{name: Quantity, word: string, short: string, title: string}[]} */
const QUANTITIES = [
  { name: "delta_norm", word: "‖delta‖", short: "delta", title: "‖delta‖: ∂loss/∂z, root mean square over the batch" },
  { name: "weight_gradient_norm", word: "‖dw‖", short: "dw", title: "‖dw‖: ∂loss/∂w, Frobenius norm, before clipping" },
];
/** Rows are parted by a line while they are at least so high. */
const PARTED = 9;

/**
 * @param {HTMLElement} element
 * @param {{onQuantity?: (name: Quantity) => void}} [options]
 */
export function mount(element, options = {}) {
  element.classList.add("view", "view-gradients");
  /** @type {Slice} */
  let slice = {};
  /** @type {Quantity} */
  let quantity = "delta_norm";
  const key = rampKey();
  const choice = create("span", { class: "view-choice", role: "group", "aria-label": "Gradient on the map" });
  const buttons = QUANTITIES.map(({ name, word, title }) => {
    const button = create("button", { type: "button", title, "aria-pressed": String(name === quantity) }, word);
    button.addEventListener("click", () => choose(name));
    choice.append(button);
    return button;
  });
  const head = create("div", { class: "view-head" }, key.element, choice);
  element.append(head);
  const view = panel(element, paint);
  const describe = describer(view.canvas);
  const tip = tooltip(element);
  const picture = sheet();
  const shades = new Uint8Array(256);
  let columns = new Uint16Array(0);
  /** @type {{steps: import("../draw/slice.js").Numbers, left: number, layers: number} | null} */
  let shown = null;

  /** @param {Quantity} name */
  function choose(name) {
    if (name === quantity) return;
    quantity = name;
    mark();
    options.onQuantity?.(name);
    view.draw();
  }

  function mark() {
    QUANTITIES.forEach(({ name }, index) => buttons[index].setAttribute("aria-pressed", String(name === quantity)));
  }

  /** @param {import("../draw/canvas.js").Panel} panel */
  function paint({ context, width, height }) {
    const look = theme();
    const arrays = slice.arrays;
    const steps = arrays?.map_step;
    const codes = arrays?.[`map_${quantity}`];
    const deltas = arrays?.delta_norm;
    const weights = arrays?.weight_gradient_norm;
    shown = null;
    if (!deltas || !weights) {
      drawNote(view, slice.header ? "Gradients are measured with the next step." : "The gradients appear with the first frame.", look);
      return;
    }
    const layers = deltas.length;
    const rows = rowsIn(layers, height, look.type);
    const texts = labelColumns(width, look.type);
    const decades = flowDecades(codes ?? [], quantity === "delta_norm" ? deltas : weights);
    element.classList.toggle("view-narrow", width < 420);
    key.decades(decades);
    key.colors(look.flow.css);
    codeShades(decades, shades);
    const left = texts.left;
    const wide = width - left - 1;
    let special = "";
    if (steps && steps.length > 0 && codes instanceof Uint8Array) {
      special = paintMap(context, steps, codes, layers, rows, left, wide, look);
      shown = { steps, left, layers };
    } else {
      context.fillStyle = look.sunken;
      context.fillRect(left, rows.top, wide, rows.bottom - rows.top);
    }
    paintLabels(context, rows, texts, deltas, weights, look);
    paintAxis(context, steps, special, rows, left, wide, look);
    describe(() => words(layers, deltas, weights));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import("../draw/slice.js").Numbers} steps
   * @param {Uint8Array} codes
   * @param {number} layers
   * @param {import("../draw/rows.js").Rows} rows
   * @param {number} left
   * @param {number} wide
   * @param {Theme} look
   */
  function paintMap(context, steps, codes, layers, rows, left, wide, look) {
    const across = Math.max(1, Math.min(600, Math.round(wide)));
    if (columns.length !== across) columns = new Uint16Array(across);
    columnsByStep(steps, columns);
    const { image, pixels } = picture.image(across, layers);
    const marks = { zero: pixel(parseHex(look.page)), notFinite: pixel(parseHex(look.error)) };
    const met = paintNorms(codes, layers, columns, shades, look.flow.pixels, marks, pixels);
    picture.context.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(picture.context.canvas, left, rows.top, wide, rows.bottom - rows.top);
    context.imageSmoothingEnabled = true;
    if (met.notFinite || met.zero) paintSpecial(context, codes, layers, rows, left, wide, look);
    context.fillStyle = look.sunken;
    for (let layer = 1; layer < layers && rows.pitch >= PARTED; layer += 1) {
      context.fillRect(left, Math.round(rowTop(rows, layer)) - 1, wide, rows.pitch > 16 ? 2 : 1);
    }
    return [met.zero ? "dotted: exactly 0" : "", met.notFinite ? "hatched: NaN or inf" : ""].filter(Boolean).join(" · ");
  }

  /**
   * Runs of cells that have no place on the ramp: hatched where not finite, dotted where exactly zero.
   * @param {CanvasRenderingContext2D} context
   * @param {Uint8Array} codes
   * @param {number} layers
   * @param {import("../draw/rows.js").Rows} rows
   * @param {number} left
   * @param {number} wide
   * @param {Theme} look
   */
  function paintSpecial(context, codes, layers, rows, left, wide, look) {
    const cell = wide / columns.length;
    for (const code of [CODE_NOT_FINITE, CODE_ZERO]) {
      context.save();
      context.beginPath();
      for (let layer = 1; layer <= layers; layer += 1) {
        let from = -1;
        for (let column = 0; column <= columns.length; column += 1) {
          const own = column < columns.length && codes[columns[column] * layers + layer - 1] === code;
          if (own && from < 0) from = column;
          if (own || from < 0) continue;
          context.rect(left + from * cell, rowTop(rows, layer), (column - from) * cell, rows.pitch);
          from = -1;
        }
      }
      context.clip();
      const box = { x: left, y: rows.top, wide, high: rows.bottom - rows.top };
      if (code === CODE_NOT_FINITE) paintHatch(context, box, look);
      else paintDots(context, box, look);
      context.restore();
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import("../draw/rows.js").Rows} rows
   * @param {ReturnType<typeof labelColumns>} texts
   * @param {import("../draw/slice.js").Numbers} deltas
   * @param {import("../draw/slice.js").Numbers} weights
   * @param {Theme} look
   */
  function paintLabels(context, rows, texts, deltas, weights, look) {
    const layers = rows.layers;
    const right = [texts.left - 8 - texts.number, texts.left - 8];
    const write = texts.numbers === "one digit" ? brief : compact;
    context.textBaseline = "alphabetic";
    context.textAlign = "right";
    QUANTITIES.forEach(({ name, word, short }, index) => {
      if (texts.numbers === "none") return;
      context.font = look.font(11, { bold: name === quantity });
      context.fillStyle = name === quantity ? look.ink : look.muted;
      context.fillText(texts.numbers === "one digit" ? short : word, right[index], rows.top - 9 * look.type);
    });
    context.textBaseline = "middle";
    const size = rows.pitch < 14 || texts.names === "short" ? 11 : 12.5;
    for (const layer of labelled(rows, 15 * look.type)) {
      const y = Math.min(rows.bottom - 5 * look.type, Math.max(rows.top + 5 * look.type, rowMiddle(rows, layer)));
      context.textAlign = "left";
      context.font = look.font(size, { bold: true });
      context.fillStyle = look.ink;
      context.fillText(layerName(layer, layers, texts.names === "short"), 0, y);
      context.textAlign = "right";
      context.font = look.font(texts.numbers === "one digit" ? 10.5 : 11.5, { mono: true });
      QUANTITIES.forEach(({ name }, index) => {
        if (texts.numbers === "none") return;
        const value = (name === "delta_norm" ? deltas : weights)[layer - 1];
        context.fillStyle = !Number.isFinite(value) ? look.error : name === quantity ? look.ink : look.muted;
        context.fillText(write(value), right[index], y);
      });
    }
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
    const words = special && wide > 380 ? `training step · ${special}` : special || "training step";
    if (wide > 220) context.fillText(words, left + wide / 2, y);
    if (!steps || steps.length === 0) return;
    context.font = look.font(11.5, { mono: true });
    context.textAlign = "left";
    context.fillText(thousands(steps[0]), left, y);
    context.textAlign = "right";
    if (steps.length > 1) context.fillText(thousands(steps[steps.length - 1]), left + wide, y);
  }

  /**
   * @param {number} layers
   * @param {import("../draw/slice.js").Numbers} deltas
   * @param {import("../draw/slice.js").Numbers} weights
   */
  function words(layers, deltas, weights) {
    return `Map of gradient norms over training, ${layers} layers. Now: delta ${compact(deltas[layers - 1])} at the output, `
      + `${compact(deltas[0])} at layer 1; weight gradient ${compact(weights[layers - 1])} at the output, ${compact(weights[0])} at layer 1.`;
  }

  view.canvas.addEventListener("pointermove", (event) => {
    const layers = shown?.layers ?? 0;
    const rows = rowsIn(layers, view.height, theme().type);
    const layer = layerAt(rows, event.offsetY);
    const arrays = slice.arrays;
    const column = shown === null ? -1 : Math.floor(((event.offsetX - shown.left) / (view.width - shown.left - 1)) * columns.length);
    if (shown === null || layer === null || column < 0 || column >= columns.length || !arrays) {
      tip.hide();
      return;
    }
    const index = columns[column];
    const lines = QUANTITIES.map(({ name, word }) => {
      const code = arrays[`map_${name}`]?.[index * layers + layer - 1];
      return `${word} ${code === undefined ? "–" : decoded(code)}`;
    });
    tip.show(event.offsetX, event.offsetY, [`${layerName(layer, layers)}, step ${thousands(shown.steps[index])}`, ...lines]);
  });
  view.canvas.addEventListener("pointerleave", () => tip.hide());

  return (/** @type {Slice} */ next) => {
    slice = next;
    if (next.labQuantity === "delta_norm" || next.labQuantity === "weight_gradient_norm") {
      quantity = next.labQuantity;
      mark();
    }
    view.draw();
  };
}

/** @param {number} code */
function decoded(code) {
  if (code === CODE_ZERO) return "0";
  return code === CODE_NOT_FINITE ? "not finite" : compact(10 ** codeExponent(code));
}
