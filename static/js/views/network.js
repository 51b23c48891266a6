/** The network: every unit with its map of the plane, every weight as a link or as a matrix. */

import { describer, drawNote, panel, sheet } from "../draw/canvas.js";
import { flowCoding, gradientDecades, signedCoding } from "../draw/coding.js";
import { ageTeller, compact, counted } from "../draw/format.js";
import { labelRoom, paintInputNames } from "../draw/input_names.js";
import { sizeQuantile } from "../draw/links.js";
import { cellAt, cellLeft, cellTop, columnAt, controlColumns, networkLayout } from "../draw/network_layout.js";
import { paintBiases, paintLinks, paintMatrix, paintRing, paintTies, paintUnits } from "../draw/network_paint.js";
import { linkAt, unitWords, wordsAt } from "../draw/network_words.js";
import { atlasLayout, paintAtlas, paintSigned } from "../draw/raster.js";
import { steady } from "../draw/scale.js";
import { columnUnits, gradientMatrices, unitAt, weightMatrices } from "../draw/slice.js";
import { imageSide, largestSize } from "../draw/surface_words.js";
import { theme } from "../draw/theme.js";
import { tooltip } from "../draw/tooltip.js";
import { paintFlow, paintWeightImages } from "../draw/weights_raster.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {import("../draw/network_layout.js").NetworkLayout} NetworkLayout */
/**
 * @typedef {object} NetworkOptions
 * @property {(columns: import("../draw/slice.js").Column[]) => void} [onLayout] called when columns moved
 * @property {(unit: number | null) => void} [onHoverUnit] index into `tiles`, inputs first
 * @property {(layer: number) => void} [onFocus] the user moved the focus of a deep net
 * @property {(target: {layer: number, unit: number, input: number | null}, x: number, y: number) => void} [onEdit] a neuron's numbers are to be changed
 * @property {(decades: import("../draw/scale.js").Decades | null) => void} [onDecades] of the gradients that links show
 */

/** How long the pointer rests on a sliver before the focus comes to it. */
const DWELL_MS = 320;
/** Smoothed pixels of all maps together, in one frame. */
const MOST_PIXELS = 160_000;

/**
 * @param {HTMLElement} element
 * @param {NetworkOptions} [options]
 */
export function mount(element, options = {}) {
  element.classList.add("view", "view-network");
  /** @type {Slice} */
  let slice = {};
  /** @type {NetworkLayout | null} */
  let layout = null;
  let layoutKey = "";
  let toldKey = "";
  let focus = 1;
  let reference = 0;
  let biasReference = 0;
  /** @type {import("../draw/scale.js").Decades | null} */
  let decades = null;
  /** @type {{layer: number, unit: number} | null} */
  let active = null;
  let dwell = 0;
  const atlas = sheet();
  /** @type {ReturnType<typeof sheet>[]} */
  const matrixSheets = [];
  const view = panel(element, paint, { tabindex: "0", "aria-roledescription": "network picture" });
  const describe = describer(view.canvas);
  const tip = tooltip(element);
  const transform = new DOMMatrix();
  const tellAge = ageTeller();
  let age = "";

  /** @param {import("../draw/canvas.js").Panel} panel */
  function paint({ context, width, height }) {
    const network = slice.header?.network;
    const weights = weightMatrices(slice);
    const look = theme();
    if (!network || weights === null) {
      drawNote(view, "The network appears with the first frame.", look);
      return;
    }
    const units = columnUnits(network);
    const pooled = weights.matrices.map((matrix) => matrix.pooled);
    const key = [units, width, height, focus, pooled, network.inputs, look.mode].join();
    if (layout === null || key !== layoutKey) {
      layoutKey = key;
      layout = networkLayout({ units, width, height, focus, pooled, labels: labelRoom(context, network.inputs, view.width, look.font) });
      tell(layout);
    }
    reference = steady(sizeQuantile(weights.matrices.map((matrix) => matrix.values), 0.985), reference);
    biasReference = steady(sizeQuantile(weights.biases, 1), biasReference);
    const gradients = slice.options?.gradients ? gradientMatrices(slice) : null;
    const now = gradients === null ? null : gradientDecades(sizeQuantile(gradients.matrices.map((matrix) => matrix.values), 1), decades);
    if (now?.high !== decades?.high) options.onDecades?.(now);
    decades = now;
    const coding = now === null ? signedCoding(reference, look) : flowCoding(now, look);
    const biasCoding = now === null ? signedCoding(biasReference, look) : coding;
    const { matrices, biases } = gradients ?? weights;
    const shown = active !== null && active.layer < units.length && active.unit < units[active.layer] ? active : null;
    paintLinks(context, layout, matrices, coding, look, shown);
    for (const gap of layout.gaps) {
      if (gap.kind !== "matrix") continue;
      matrixSheets[gap.to] ??= sheet();
      const words = `${units[gap.to - 1]} × ${units[gap.to]}`;
      paintTies(context, gap, look);
      paintMatrix(context, gap, matrices[gap.to - 1], ({ values }, pixels) => {
        if (now === null) paintSigned(values, reference, look.signed.pixels, pixels);
        else paintFlow(values, now, look.flow.pixels, pixels);
      }, look, matrixSheets[gap.to], words);
    }
    const maps = atlasOf(layout, units, look);
    age = tellAge(slice.header, slice.header?.tiles_step);
    layout.columns.forEach((column, index) => {
      paintUnits(context, column, maps === null ? null : { ...maps, block: maps.blocks[index] }, look, transform);
      if (index > 0) paintBiases(context, column, biases[index - 1], biasCoding, look);
    });
    if (layout.columns[0].form === "tiles") paintInputNames(context, layout, network.inputs, look);
    const broken = slice.header?.diverged?.layer;
    if (broken !== null && broken !== undefined && layout.columns[broken]) {
      const column = layout.columns[broken];
      for (let unit = 0; unit < column.units; unit += 1) paintRing(context, column, unit, look.error, 1.5);
    }
    if (shown !== null) paintRing(context, layout.columns[shown.layer], shown.unit, look.ink, 2 * look.weight);
    describe(() => words(units, network, weights));
  }

  /**
   * @param {NetworkLayout} layout
   * @param {number[]} units
   * @param {import("../draw/theme.js").Theme} look
   */
  function atlasOf({ columns }, units, look) {
    const tiles = slice.arrays?.tiles;
    const size = slice.header?.network?.tile ?? 0;
    const total = units.reduce((sum, own) => sum + own, 0);
    if (!(tiles instanceof Uint8Array) || size < 2 || tiles.length < total * size * size) return null;
    const across = columns.map((column) => column.across);
    const factor = enlargement(columns, size);
    const own = size * factor;
    const { blocks, width, height } = atlasLayout(units, across, own);
    const { image, pixels } = atlas.image(width, height);
    paintAtlas(tiles, size, factor, blocks, width, look.signed.pixels, pixels);
    const side = imageSide(slice);
    const first = weightMatrices(slice)?.matrices[0];
    if (side > 0 && first && !first.pooled) paintWeightImages(first.values, side, largestSize(first.values), blocks[1], own, width, look.signed.pixels, pixels);
    atlas.context.putImageData(image, 0, 0);
    const pattern = view.context.createPattern(atlas.context.canvas, "no-repeat");
    return pattern === null ? null : { canvas: atlas.context.canvas, pattern, blocks, size: own };
  }

  /**
   * How finely the maps are smoothed: as the screen shows them, within a bound on all pixels.
   * @param {NetworkLayout["columns"]} columns
   * @param {number} size
   */
  function enlargement(columns, size) {
    const largest = Math.max(...columns.map((column) => (column.form === "sliver" ? 0 : column.high)));
    const units = columns.reduce((sum, column) => sum + column.units, 0);
    const most = Math.sqrt(MOST_PIXELS / units) / size;
    return Math.max(1, Math.floor(Math.min(most, Math.ceil((largest * view.ratio) / size))));
  }

  /** @param {NetworkLayout} now */
  function tell(now) {
    const columns = controlColumns(now);
    const key = columns.map((column) => `${column.layer} ${column.x.toFixed(1)} ${column.width.toFixed(1)} ${column.kind}`).join();
    if (key === toldKey) return;
    toldKey = key;
    options.onLayout?.(columns);
  }

  /**
   * @param {number[]} units
   * @param {import("../draw/slice.js").NetworkHeader} network
   * @param {NonNullable<ReturnType<typeof weightMatrices>>} weights
   */
  function words(units, network, weights) {
    const hidden = network.layers.slice(0, -1);
    const widths = hidden.map((layer) => layer.units).join(", ");
    const largest = compact(sizeQuantile(weights.matrices.map((matrix) => matrix.values), 1));
    const outputs = units[units.length - 1];
    return `Network picture: ${counted(units[0], "input")}, ${counted(hidden.length, "hidden layer")}${widths && ` (${widths})`}, `
      + `${counted(outputs, "output")}; largest weight ${largest}${age && `, maps ${age}`}. `
      + (layout?.focused === null ? "Arrow keys go from neuron to neuron, Enter opens its weights and bias." : `Layer ${layout?.focused} in focus; arrow keys move it.`);
  }

  /** @param {{layer: number, unit: number} | null} unit */
  function activate(unit) {
    if (unit?.layer === active?.layer && unit?.unit === active?.unit) return;
    active = unit;
    const network = slice.header?.network;
    if (unit === null || !network) options.onHoverUnit?.(null);
    else options.onHoverUnit?.(columnUnits(network).slice(0, unit.layer).reduce((sum, own) => sum + own, 0) + unit.unit);
    view.draw();
  }

  /** @param {number} layer */
  function moveFocus(layer) {
    const last = (layout?.columns.length ?? 3) - 2;
    const next = Math.min(Math.max(1, layer), Math.max(1, last));
    if (next === focus) return;
    focus = next;
    view.draw();
  }

  /** @param {number} layer */
  function userFocus(layer) {
    const before = focus;
    moveFocus(layer);
    if (focus !== before) options.onFocus?.(focus);
  }

  /** @param {number} x @param {number} y */
  function linesAt(x, y) {
    const network = slice.header?.network;
    const weights = weightMatrices(slice);
    if (layout === null || !network || weights === null) return null;
    const gradients = slice.options?.gradients ? gradientMatrices(slice) : null;
    return active === null ? wordsAt(layout, network, weights, x, y, gradients) : [...unitWords(network, weights, active, gradients), ...(age ? [`map ${age}`] : [])];
  }

  view.canvas.addEventListener("pointermove", (event) => {
    if (layout === null) return;
    window.clearTimeout(dwell);
    const { offsetX: x, offsetY: y } = event;
    activate(cellAt(layout, x, y, 2));
    const lines = linesAt(x, y);
    if (lines === null) tip.hide();
    else tip.show(x, y, lines);
    const count = layout.columns.length;
    if (layout.focused !== null && event.pointerType === "mouse" && layout.columns[columnAt(layout, x)].form === "sliver") {
      // Linear in x: the block of wide columns then always comes to lie under the pointer.
      dwell = window.setTimeout(() => userFocus(Math.round((x / view.width) * (count - 1))), DWELL_MS);
    }
  });
  view.canvas.addEventListener("pointerleave", () => {
    window.clearTimeout(dwell);
    activate(null);
    tip.hide();
  });
  view.canvas.addEventListener("click", (event) => {
    window.clearTimeout(dwell);
    if (layout?.focused != null) userFocus(columnAt(layout, event.offsetX));
    editAt(event.offsetX, event.offsetY);
  });

  /** The neuron or the link under a point: its numbers are to be changed. @param {number} x @param {number} y */
  function editAt(x, y) {
    const weights = weightMatrices(slice);
    if (layout === null || weights === null) return;
    const cell = cellAt(layout, x, y, 4);
    if (cell !== null) {
      editUnit(cell);
      return;
    }
    const link = linkAt(layout, weights, x, y);
    if (link !== null && !weights.matrices[link.layer - 1].pooled) options.onEdit?.({ layer: link.layer, unit: link.unit, input: link.input }, x, y);
  }

  /** @param {{layer: number, unit: number}} cell */
  function editUnit({ layer, unit }) {
    const column = layout?.columns[layer];
    if (!column || layer === 0 || column.form === "sliver") return;
    tip.hide();
    options.onEdit?.({ layer, unit, input: null }, cellLeft(column, unit) + column.wide, cellTop(column, unit) + column.high / 2);
  }

  view.canvas.addEventListener("blur", () => activate(null));
  view.canvas.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && active !== null) {
      event.preventDefault();
      editUnit(active);
      return;
    }
    if (layout === null || !["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Escape"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Escape") {
      activate(null);
      return;
    }
    const sideways = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    const down = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (layout.focused !== null && sideways !== 0) userFocus(layout.focused + sideways);
    const from = active ?? { layer: (layout.focused ?? 1) - sideways, unit: -down };
    const layer = Math.min(Math.max(0, from.layer + sideways), layout.columns.length - 1);
    const unit = Math.min(Math.max(0, from.unit + down), layout.columns[layer].units - 1);
    activate({ layer, unit });
  });

  return Object.assign(
    /** @param {Slice} next */
    (next) => {
      slice = next;
      const network = next.header?.network;
      if (active !== null && network && unitAt(columnUnits(network), 0) && active.unit >= (columnUnits(network)[active.layer] ?? 0)) activate(null);
      view.draw();
    },
    { focus: moveFocus, take: () => view.canvas.focus() },
  );
}
