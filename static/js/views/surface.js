/** What the network answers over the plane, with the data on it; or, large, the map of one unit. */

import { describer, drawNote, panel, sheet } from "../draw/canvas.js";
import { paintCross, readingCursor } from "../draw/cursor.js";
import { create, setText } from "../draw/dom.js";
import { ageTeller, compact, unitName, withSign } from "../draw/format.js";
import { rampKey, swatch } from "../draw/key.js";
import { paintBoundary, paintFrame, paintGrid, squareIn } from "../draw/plane.js";
import { paintPoints } from "../draw/points.js";
import { columnUnits, unitAt } from "../draw/slice.js";
import { theme } from "../draw/theme.js";
import { tooltip } from "../draw/tooltip.js";
import { classAnswer, hoverWords, lensWords, weightImage } from "../draw/surface_words.js";
import { describeLine, lineWords, paintLine } from "./line.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {import("../draw/theme.js").Theme} Theme */
/** @typedef {import("../draw/plane.js").Grid} Grid */

/** Steps of the arrow keys along a curve. */
const CURVE_CELLS = 50;

/** @param {HTMLElement} element */
export function mount(element) {
  element.classList.add("view", "view-surface");
  const tellAge = ageTeller();
  /** @type {Slice} */
  let slice = {};
  const stage = create("div", { class: "view-stage" });
  const key = rampKey();
  const classes = create("span", { class: "view-surface-classes" });
  const chip = create("span", { class: "view-surface-unit" });
  const legend = create("p", { class: "view-legend view-legend-surface" }, key.element, classes);
  const note = create("p", { class: "view-surface-note" });
  element.append(stage, legend, note);
  const view = panel(stage, paint, { tabindex: "0", "aria-roledescription": "surface, read with the arrow keys" });
  stage.append(chip);
  const describe = describer(view.canvas);
  const tip = tooltip(stage);
  const picture = sheet();
  /** The points change rarely: they are drawn once and laid over each surface. */
  const overlay = document.createElement("canvas");
  let overlayKey = "";
  let classesKey = "";
  let square = { left: 0, top: 0, side: 0 };
  /** Is the tooltip the keyboard's? */
  let reading = false;
  /** The curve on the screen, where the data have one input. */
  /** @type {import("./line.js").Drawn | null} */
  let curve = null;
  /** What is on the screen, for hovering. */
  /** @type {Grid | null} */
  let shown = null;

  /** @param {import("../draw/canvas.js").Panel} panel */
  function paint({ context, width, height, ratio }) {
    const look = theme();
    setText(note, lensWords(slice));
    curve = slice.header?.surface?.kind === "line" ? paintLine(view, slice, look) : null;
    if (curve !== null) {
      shown = null;
      sayLine(look);
      paintCursor(look);
      return;
    }
    shown = grid();
    legend.hidden = shown === null;
    if (shown === null) {
      drawNote(view, slice.header ? "The surface appears with the next frame." : "The surface appears with the first frame.", look);
      view.canvas.setAttribute("aria-label", "Surface picture: nothing to draw.");
      setText(chip, "");
      return;
    }
    square = squareIn(width, height, look);
    const discretize = slice.options?.discretize === true && shown.kind !== "unit" && shown.kind !== "image";
    paintGrid(context, shown, shown.kind === "multiclass" ? classAnswer(slice, shown.codes) : null, square, discretize, picture, look);
    paintBoundary(context, shown, square, look);
    if (shown.kind !== "image") {
      paintOverlay(context, shown.extent, ratio, look);
      paintFrame(context, shown.extent, planeNames(), square, look);
    }
    paintCursor(look);
    say(shown, look);
  }

  /** @returns {Grid | null} the unit under the pointer in the network, else the network's answer */
  function grid() {
    const header = slice.header?.surface;
    const network = slice.header?.network;
    const tiles = slice.arrays?.tiles;
    const codes = slice.arrays?.surface;
    const unit = slice.hoverUnit ?? null;
    if (!header) return null;
    const image = unit === null ? null : weightImage(slice, unit);
    if (image !== null) return image;
    if (unit !== null && network?.tile && tiles instanceof Uint8Array) {
      const size = network.tile;
      const map = tiles.subarray(unit * size * size, (unit + 1) * size * size);
      const scale = slice.arrays?.tile_scale?.[unit] ?? 1;
      const center = slice.arrays?.tile_center?.[unit] ?? 0;
      // center + (u − 128) / 127 · scale: code 0 lies one step below the lower end, 255 on the upper one.
      if (map.length === size * size) return { codes: map, size, low: center - (128 / 127) * scale, high: center + scale, extent: header.extent, kind: "unit" };
    }
    if (!(codes instanceof Uint8Array) || codes.length < header.resolution ** 2) return null;
    return { codes, size: header.resolution, low: header.low, high: header.high, extent: header.extent, kind: header.kind };
  }

  /** The coordinates of the plane: raw x1 and x2, whatever features are made of them; else those of the lens. */
  function planeNames() {
    return slice.points?.header.lens?.names ?? ["x1", "x2"];
  }

  /** @param {Theme} look */
  function sayLine(look) {
    legend.hidden = false;
    key.element.hidden = true;
    chip.hidden = false;
    setText(chip, hoverName());
    const task = slice.points?.header.task;
    if (task === "regression") nameEntries("line", () => [swatch("view-swatch-curve", "network"), swatch("view-swatch-dot", "training"), swatch("view-swatch-ring", "test")]);
    else nameClasses(slice.points?.header.class_names ?? [], look);
    describe(() => describeLine(slice));
  }

  function hoverName() {
    const network = slice.header?.network;
    const unit = network && slice.hoverUnit != null ? unitAt(columnUnits(network), slice.hoverUnit) : null;
    return unit && network ? unitName(unit.layer, network.layers.length, unit.unit, network.inputs) : "";
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number[]} extent
   * @param {number} ratio
   * @param {Theme} look
   */
  function paintOverlay(context, extent, ratio, look) {
    const { points } = slice;
    if (!points) return;
    const pixels = Math.round(square.side * ratio);
    const withTest = slice.options?.testPoints !== false;
    const now = [points.header.revision, points.arrays.points?.length, pixels, look.mode, withTest, extent].join();
    if (now !== overlayKey) {
      overlayKey = now;
      overlay.width = pixels;
      overlay.height = pixels;
      const layer = overlay.getContext("2d");
      layer?.scale(ratio, ratio);
      if (layer) paintPoints(layer, points, extent, square.side, look, withTest);
    }
    context.globalAlpha = slice.hoverUnit == null ? 1 : 0.35;
    context.drawImage(overlay, square.left, square.top, square.side, square.side);
    context.globalAlpha = 1;
  }

  /** @param {Grid} now @param {Theme} look */
  function say(now, look) {
    const ofUnit = now.kind === "unit" || now.kind === "image";
    key.colors(ofUnit ? look.signed.css : look.surface.css);
    // A map's byte 0 lies one step below the end that is named.
    const low = now.kind === "unit" ? now.high - ((now.high - now.low) * 254) / 255 : now.low;
    key.ends(withSign(low), withSign(now.high));
    key.element.hidden = now.kind === "multiclass";
    const age = tellAge(slice.header, slice.header?.tiles_step);
    setText(chip, ofUnit ? `${hoverName()}${now.kind === "image" ? ": weights" : age && ` ${age}`}` : "");
    nameClasses(now.kind === "multiclass" ? slice.points?.header.class_names ?? [] : [], look);
    const count = slice.points?.arrays.targets?.length ?? 0;
    describe(() => `Surface picture: the network's answer over ${planeNames().join(" and ")}, ${count} data points; `
      + `training loss ${compact(slice.header?.training_loss)}, test loss ${compact(slice.header?.test_loss)}.`);
  }

  /** @param {string[]} names @param {Theme} look */
  function nameClasses(names, look) {
    nameEntries([look.mode, ...names].join(), () => names.map((name, index) => {
      const entry = swatch(`view-swatch-class view-shape-${index % 5}`, name);
      /** @type {HTMLElement} */ (entry.firstElementChild).style.background = look.classes[index % look.classes.length];
      return entry;
    }));
  }

  /** @param {string} now @param {() => HTMLElement[]} entries */
  function nameEntries(now, entries) {
    if (now === classesKey) return;
    classesKey = now;
    classes.replaceChildren(...entries());
  }

  /** @param {number} x @param {number} y */
  const wordsAt = (x, y) => (curve !== null ? lineWords(curve, slice, x) : gridWords(x, y));
  view.canvas.addEventListener("pointermove", (event) => {
    const lines = wordsAt(event.offsetX, event.offsetY);
    if (lines === null) tip.hide();
    else tip.show(event.offsetX, event.offsetY, lines);
  });

  /** @param {number} x @param {number} y */
  function gridWords(x, y) {
    const across = (x - square.left) / square.side;
    const down = (y - square.top) / square.side;
    if (shown === null || across < 0 || across >= 1 || down < 0 || down >= 1) return null;
    return hoverWords(slice, shown, planeNames(), across, down);
  }
  view.canvas.addEventListener("pointerleave", () => tip.hide());

  const cursor = readingCursor(view.canvas, {
    cells: () => (curve !== null ? CURVE_CELLS : shown?.size ?? 0),
    words: ({ across, down }) => wordsAt(...onScreen(across, down)),
    redraw: () => view.draw(),
  });

  /** @param {number} across @param {number} down @returns {[number, number]} */
  function onScreen(across, down) {
    const { left, top, side } = curve?.square ?? square;
    return [left + across * side, top + down * side];
  }

  /** The cross of the keyboard, with what it reads beside it. @param {Theme} look */
  function paintCursor(look) {
    const place = cursor.place();
    if (place === null) {
      if (reading) tip.hide();
      reading = false;
      return;
    }
    reading = true;
    paintCross(view.context, curve?.square ?? square, place, look);
    const [x, y] = onScreen(place.across, place.down);
    const lines = wordsAt(x, y);
    if (lines !== null) tip.show(x, y, lines);
  }

  return (/** @type {Slice} */ next) => {
    slice = next;
    view.draw();
  };
}
