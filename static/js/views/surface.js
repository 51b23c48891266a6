/** What the network answers over the plane, with the data on it; or, large, the map of one unit. */

import { describer, drawNote, panel, sheet } from "../draw/canvas.js";
import { create, setText } from "../draw/dom.js";
import { compact, featureName, precise, unitName, withSign } from "../draw/format.js";
import { rampKey, swatch } from "../draw/key.js";
import { paintBoundary, paintFrame, paintGrid, squareIn } from "../draw/plane.js";
import { paintPoints } from "../draw/points.js";
import { columnUnits, unitAt } from "../draw/slice.js";
import { theme } from "../draw/theme.js";
import { tooltip } from "../draw/tooltip.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {import("../draw/theme.js").Theme} Theme */
/** @typedef {import("../draw/plane.js").Grid} Grid */

/** @param {HTMLElement} element */
export function mount(element) {
  element.classList.add("view", "view-surface");
  /** @type {Slice} */
  let slice = {};
  const stage = create("div", { class: "view-stage" });
  const key = rampKey();
  const classes = create("span", { class: "view-surface-classes" });
  const chip = create("span", { class: "view-surface-unit" });
  const legend = create("p", { class: "view-legend view-legend-surface" }, key.element, classes);
  element.append(stage, legend);
  const view = panel(stage, paint);
  stage.append(chip);
  const describe = describer(view.canvas);
  const tip = tooltip(stage);
  const picture = sheet();
  /** The points change rarely: they are drawn once and laid over each surface. */
  const overlay = document.createElement("canvas");
  let overlayKey = "";
  let classesKey = "";
  let square = { left: 0, top: 0, side: 0 };
  /** What is on the screen, for hovering. */
  /** @type {Grid | null} */
  let shown = null;

  /** @param {import("../draw/canvas.js").Panel} panel */
  function paint({ context, width, height, ratio }) {
    const look = theme();
    shown = grid();
    legend.hidden = shown === null;
    if (shown === null) {
      drawNote(view, slice.header ? "No plane to draw: these data do not have two inputs." : "The surface appears with the first frame.", look);
      view.canvas.setAttribute("aria-label", "Surface picture: nothing to draw.");
      setText(chip, "");
      return;
    }
    square = squareIn(width, height, look);
    const confidence = slice.arrays?.surface_confidence;
    const discretize = slice.options?.discretize === true && shown.kind !== "unit";
    paintGrid(context, shown, confidence instanceof Uint8Array ? confidence : null, square, discretize, picture, look);
    paintBoundary(context, shown, square, look);
    paintOverlay(context, shown.extent, ratio, look);
    paintFrame(context, shown.extent, planeNames(), square, look);
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
    if (unit !== null && network?.tile && tiles instanceof Uint8Array) {
      const size = network.tile;
      const map = tiles.subarray(unit * size * size, (unit + 1) * size * size);
      const scale = slice.arrays?.tile_scale?.[unit] ?? 1;
      // (u − 128) / 127 · scale: code 0 lies one step below −scale, 255 on +scale.
      if (map.length === size * size) return { codes: map, size, low: (-128 / 127) * scale, high: scale, extent: header.extent, kind: "unit" };
    }
    if (!(codes instanceof Uint8Array) || codes.length < header.resolution ** 2) return null;
    return { codes, size: header.resolution, low: header.low, high: header.high, extent: header.extent, kind: header.kind };
  }

  /** The coordinates of the plane: raw x1 and x2, whatever features are made of them. */
  function planeNames() {
    const names = slice.points?.header.feature_names ?? [];
    return names.length === 2 ? names : ["x1", "x2"];
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
    const network = slice.header?.network;
    const unit = now.kind === "unit" && network ? unitAt(columnUnits(network), slice.hoverUnit ?? 0) : null;
    key.colors(now.kind === "unit" ? look.signed.css : look.surface.css);
    if (now.kind === "unit") key.ends(withSign(-now.high), withSign(now.high));
    else key.ends(withSign(now.low), withSign(now.high));
    key.element.hidden = now.kind === "multiclass";
    setText(chip, unit && network ? unitName(unit.layer, network.layers.length, unit.unit, network.inputs) : "");
    nameClasses(now.kind === "multiclass" ? slice.points?.header.class_names ?? [] : [], look);
    const count = slice.points?.arrays.targets?.length ?? 0;
    describe(() => `Surface picture: the network's answer over ${planeNames().join(" and ")}, ${count} data points; `
      + `training loss ${compact(slice.header?.training_loss)}, test loss ${compact(slice.header?.test_loss)}.`);
  }

  /** @param {string[]} names @param {Theme} look */
  function nameClasses(names, look) {
    const now = [look.mode, ...names].join();
    if (now === classesKey) return;
    classesKey = now;
    classes.replaceChildren(...names.map((name, index) => {
      const entry = swatch(`view-swatch-class view-shape-${index % 5}`, name);
      /** @type {HTMLElement} */ (entry.firstElementChild).style.background = look.classes[index % look.classes.length];
      return entry;
    }));
  }

  view.canvas.addEventListener("pointermove", (event) => {
    const across = (event.offsetX - square.left) / square.side;
    const down = (event.offsetY - square.top) / square.side;
    if (shown === null || across < 0 || across >= 1 || down < 0 || down >= 1) {
      tip.hide();
      return;
    }
    const { codes, size, low, high, extent, kind } = shown;
    const code = codes[Math.floor(down * size) * size + Math.floor(across * size)];
    const [x1, x2] = planeNames().map(featureName);
    const place = `${x1} ${precise(extent[0] + across * (extent[1] - extent[0]))}, ${x2} ${precise(extent[3] - down * (extent[3] - extent[2]))}`;
    const value = kind === "multiclass"
      ? slice.points?.header.class_names[code] ?? `class ${code}`
      : `${kind === "unit" ? "activation" : "output"} ${compact(low + ((high - low) * code) / 255)}`;
    tip.show(event.offsetX, event.offsetY, [value, place]);
  });
  view.canvas.addEventListener("pointerleave", () => tip.hide());

  return (/** @type {Slice} */ next) => {
    slice = next;
    view.draw();
  };
}
