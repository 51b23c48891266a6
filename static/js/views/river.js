/** The gradient's way back: a ribbon as thick as log10 of the quantity chosen, from the output to the first layer. */

import { describer, drawNote, panel } from "../draw/canvas.js";
import { create, setText } from "../draw/dom.js";
import { mapWords } from "../draw/surface_words.js";
import { compact, layerName } from "../draw/format.js";
import { rampKey, swatch } from "../draw/key.js";
import { paintHatch } from "../draw/marks.js";
import { controlColumns, networkLayout } from "../draw/network_layout.js";
import { quantityOf } from "../draw/quantities.js";
import { knots, shadeBetween, spaced } from "../draw/ribbon.js";
import { flowDecades } from "../draw/scale.js";
import { columnUnits } from "../draw/slice.js";
import { theme } from "../draw/theme.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {import("../draw/ribbon.js").Knot} Knot */

/** Beyond this the ribbon would outweigh the network above it. */
const THICKEST = 40;
const SHADES_BETWEEN = 4;

/** @param {HTMLElement} element */
export function mount(element) {
  element.classList.add("view", "view-river");
  /** @type {Slice} */
  let slice = {};
  const stage = create("div", { class: "view-stage" });
  const key = rampKey();
  const caption = create("span");
  const signs = create("span", { class: "view-legend-links" }, swatch("view-swatch-negative", "negative"), swatch("view-swatch-positive", "positive weight"), swatch("view-swatch-bias", "bias"));
  const slopeKey = rampKey();
  const slopes = create("span", { class: "view-legend-links", hidden: "" }, slopeKey.element, create("span", {}, "|dw| of links, |db| of dots"));
  const maps = create("span", { hidden: "" }, "");
  const legend = create(
    "p",
    { class: "view-legend" },
    signs,
    slopes,
    maps,
    create("span", { class: "view-legend-flow" }, key.element, caption),
  );
  element.append(stage, legend);
  const view = panel(stage, paint);
  const describe = describer(view.canvas);

  /** @param {import("../draw/canvas.js").Panel} panel */
  function paint({ context, width, height }) {
    const look = theme();
    const quantity = quantityOf(slice.labQuantity);
    const norms = slice.arrays?.[quantity.name];
    const columns = slice.columns ?? ownColumns(width);
    legend.hidden = !norms;
    if (!norms || norms.length === 0 || columns.length !== norms.length + 1) {
      // Where the network's own picture is behind, there is nothing to say.
      drawNote(view, slice.header && !norms?.length ? "The gradient is measured with the next step." : "", look);
      return;
    }
    const decades = flowDecades(slice.arrays?.[`map_${quantity.name}`] ?? [], norms);
    setText(caption, captionOf(quantity));
    key.decades(decades);
    sayLinks(look);
    key.colors(look.flow.css);
    const numbers = 20 * look.type;
    const thickest = Math.min(THICKEST * look.type, height - numbers);
    const middle = thickest / 2 + 1;
    const points = knots(norms, columns.slice(1).map((column) => column.x), decades, thickest);
    const left = Math.max(2, columns[0].x - 16);
    const right = Math.min(width - 2, columns[columns.length - 1].x + 16);
    paintRibbon(context, points, left, right, middle, look);
    if (quantity.flows) paintChevrons(context, points, columns[0].x, middle, quantity.flows === "back" ? 1 : -1, look);
    paintNumbers(context, points, norms, thickest + 5, width, slice.header?.diverged?.layer ?? null, quantity.zero !== undefined, look);
    describe(() => words(quantity, norms));
  }

  /** What the links above show, and what their maps' pale means where it is not zero. @param {import("../draw/theme.js").Theme} look */
  function sayLinks(look) {
    const decades = slice.linkDecades ?? null;
    signs.hidden = decades !== null;
    slopes.hidden = decades === null;
    if (decades !== null) {
      slopeKey.decades(decades);
      slopeKey.colors(look.flow.css);
    }
    const words = mapWords(slice);
    maps.hidden = words === "";
    setText(maps, words);
  }

  /** @param {number} width */
  function ownColumns(width) {
    const network = slice.header?.network;
    return network ? controlColumns(networkLayout({ units: columnUnits(network), width, height: 300 })) : [];
  }

  /** @param {import("../draw/quantities.js").Quantity} quantity @param {ArrayLike<number>} norms */
  function words(quantity, norms) {
    const layers = norms.length;
    return `Gradient flow: ${quantity.word}, ${quantity.meaning}; output ${compact(norms[layers - 1])}, `
      + `${layerName(1, layers).toLowerCase()} ${compact(norms[0])}.`;
  }

  return (/** @type {Slice} */ next) => {
    slice = next;
    view.draw();
  };
}

/** @param {import("../draw/quantities.js").Quantity} quantity */
function captionOf({ word, meaning, flows }) {
  const way = flows === "back" ? ", flowing back from the loss" : flows === "forward" ? ", flowing to the output" : "";
  return `${word}: ${meaning}${way}`;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Knot[]} points
 * @param {number} left
 * @param {number} right
 * @param {number} middle
 * @param {import("../draw/theme.js").Theme} look
 */
function paintRibbon(context, points, left, right, middle, look) {
  const last = points[points.length - 1];
  context.beginPath();
  trace(context, points, left, right, middle, -1);
  context.lineTo(right, middle + last.thick / 2);
  traceBack(context, points, left, middle);
  context.closePath();
  const fill = context.createLinearGradient(left, 0, right, 0);
  const whole = Math.max(1, right - left);
  /** @param {number} x @param {number} shade */
  const stop = (x, shade) => fill.addColorStop(Math.min(1, Math.max(0, (x - left) / whole)), look.flow.css[shade]);
  stop(left, shadeBetween(points[0], points[0], 0));
  points.forEach((point, index) => {
    const next = points[index + 1] ?? point;
    for (let part = 0; part < SHADES_BETWEEN; part += 1) {
      const share = part / SHADES_BETWEEN;
      stop(point.x + (next.x - point.x) * share, shadeBetween(point, next, share));
    }
  });
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = look.weight;
  context.strokeStyle = look.flow.css[look.dark ? 120 : 150];
  context.globalAlpha = 0.65;
  context.stroke();
  context.globalAlpha = 1;
  points.forEach((point, index) => {
    if (!Number.isNaN(point.share)) return;
    const reach = index > 0 ? (point.x - points[index - 1].x) / 2 : (point.x - left) / 2;
    const box = { x: point.x - reach, y: middle - point.thick / 2, wide: 2 * reach, high: point.thick };
    context.save();
    context.beginPath();
    context.rect(box.x, box.y, box.wide, box.high);
    context.clip();
    paintHatch(context, box, look);
    context.restore();
  });
}

/**
 * @param {CanvasRenderingContext2D} path
 * @param {Knot[]} points
 * @param {number} left
 * @param {number} right
 * @param {number} middle
 * @param {number} side
 */
function trace(path, points, left, right, middle, side) {
  path.moveTo(left, middle + (side * points[0].thick) / 2);
  path.lineTo(points[0].x, middle + (side * points[0].thick) / 2);
  for (let index = 1; index < points.length; index += 1) {
    const from = points[index - 1];
    const to = points[index];
    const half = (from.x + to.x) / 2;
    path.bezierCurveTo(half, middle + (side * from.thick) / 2, half, middle + (side * to.thick) / 2, to.x, middle + (side * to.thick) / 2);
  }
  path.lineTo(right, middle + (side * points[points.length - 1].thick) / 2);
}

/**
 * @param {CanvasRenderingContext2D} path
 * @param {Knot[]} points
 * @param {number} left
 * @param {number} middle
 */
function traceBack(path, points, left, middle) {
  path.lineTo(points[points.length - 1].x, middle + points[points.length - 1].thick / 2);
  for (let index = points.length - 1; index > 0; index -= 1) {
    const from = points[index];
    const to = points[index - 1];
    const half = (from.x + to.x) / 2;
    path.bezierCurveTo(half, middle + from.thick / 2, half, middle + to.thick / 2, to.x, middle + to.thick / 2);
  }
  path.lineTo(left, middle + points[0].thick / 2);
}

/**
 * Double chevrons that point where the quantity is carried, as large as the ribbon allows.
 * @param {CanvasRenderingContext2D} context
 * @param {Knot[]} points
 * @param {number} start x of the inputs
 * @param {number} middle
 * @param {1 | -1} way 1 points to the input, −1 to the output
 * @param {import("../draw/theme.js").Theme} look
 */
function paintChevrons(context, points, start, middle, way, look) {
  const all = [{ x: start, share: points[0].share, thick: points[0].thick }, ...points];
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const index of spaced(all, 44)) {
    const point = all[index];
    if (point.thick < 4 || Number.isNaN(point.share)) continue;
    const size = Math.min(6.5 * look.type, Math.max(2.5, point.thick * 0.24));
    context.strokeStyle = look.onFlow[Math.round(point.share * 255)];
    context.globalAlpha = 0.85;
    context.lineWidth = (point.thick > 14 ? 1.7 : 1.3) * look.weight;
    context.beginPath();
    for (const shift of [-size * 0.55, size * 0.55]) {
      context.moveTo(point.x + shift + way * size * 0.5, middle - size);
      context.lineTo(point.x + shift - way * size * 0.5, middle);
      context.lineTo(point.x + shift + way * size * 0.5, middle + size);
    }
    context.stroke();
  }
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Knot[]} points
 * @param {ArrayLike<number>} norms
 * @param {number} top
 * @param {number} width
 * @param {number | null} broken the first layer that was no longer finite
 * @param {boolean} gaps NaN means that there is none, not that it broke
 * @param {import("../draw/theme.js").Theme} look
 */
function paintNumbers(context, points, norms, top, width, broken, gaps, look) {
  context.font = look.font(11.5, { mono: true });
  context.fillStyle = look.ink;
  context.textBaseline = "top";
  const wide = context.measureText("0.0e−00").width;
  for (const index of spaced(points, wide + 6)) {
    const first = index + 1 === broken;
    const text = first ? `✕ ${compact(norms[index])}` : gaps && Number.isNaN(norms[index]) ? "–" : compact(norms[index]);
    const half = context.measureText(text).width / 2;
    context.textAlign = "center";
    context.fillStyle = first || !(gaps || Number.isFinite(norms[index])) ? look.error : look.ink;
    context.fillText(text, Math.min(width - half - 1, Math.max(half + 1, points[index].x)), top);
  }
}
