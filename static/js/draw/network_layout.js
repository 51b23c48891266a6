/**
 * Where the network's columns, units and links go, and in how much detail. Pure.
 *
 * Column 0 is the inputs, the last one the output. Up to 12 columns everything is drawn (*full*); beyond,
 * the focused column and its neighbours are, the others are slivers. A column of more than 16 units is a
 * mosaic of small maps, and the weights next to it are an image of the matrix instead of links.
 */

export const MOST_COLUMNS = 12;
export const MOST_UNITS = 16;
/** From one unit to the next; where the picture is high, as on a projector, more. */
const LARGEST_PITCH = 62;
const PITCH_SHARE = 0.2;

/**
 * @typedef {object} NetworkColumn
 * @property {number} layer
 * @property {number} units
 * @property {number} x centre
 * @property {number} room px it may use for controls
 * @property {"tiles" | "mosaic" | "sliver"} form
 * @property {number} across cells in a row
 * @property {number} left of its cells
 * @property {number} top
 * @property {number} wide of one cell
 * @property {number} high of one cell
 * @property {number} pitchX
 * @property {number} pitchY
 */
/**
 * @typedef {object} Gap the weights into column `to`
 * @property {number} to
 * @property {"links" | "few" | "matrix" | "none"} kind
 * @property {number} left
 * @property {number} right
 * @property {number} [x] of the matrix
 * @property {number} [y]
 * @property {number} [wide]
 * @property {number} [high]
 */
/** @typedef {{columns: NetworkColumn[], gaps: Gap[], focused: number | null, height: number}} NetworkLayout */
/**
 * @typedef {object} Wish
 * @property {number[]} units of every column
 * @property {number} width CSS px
 * @property {number} height
 * @property {number} [focus] column in the middle of the detail
 * @property {number} [labels] px to leave for the inputs' names
 * @property {boolean[]} [pooled] per gap: the single weights are not at hand
 */

/**
 * @param {Wish} wish
 * @returns {NetworkLayout}
 */
export function networkLayout({ units, width, height, focus = 1, labels = 0, pooled = [] }) {
  const count = units.length;
  const mosaic = units.map((own) => own > MOST_UNITS);
  /** @type {("links" | "matrix")[]} */
  const kinds = units.slice(1).map((_, index) =>
    mosaic[index] || mosaic[index + 1] || pooled[index] ? "matrix" : "links");
  const least = mosaic.reduce((sum, big) => sum + (big ? 40 : 12), 0)
    + kinds.reduce((sum, kind) => sum + (kind === "matrix" ? 44 : 12), 0);
  const detailed = count <= MOST_COLUMNS && least + labels <= width;
  const plain = !kinds.includes("matrix");
  const usable = height - (plain ? 0 : 18);
  const focused = detailed ? null : Math.min(Math.max(focus, Math.min(1, count - 2)), Math.max(1, count - 2));
  const spread = focused === null
    ? fullSpread(units, mosaic, kinds, width, usable, labels)
    : focusSpread(units, mosaic, width, usable, focused, labels);
  const columns = spread.map((place, layer) => placed(place, layer, units[layer], mosaic[layer], height, usable));
  /** @type {Gap[]} */
  const gaps = kinds.map((kind, index) => gapBetween(columns[index], columns[index + 1], kind, focused, height, units));
  return { columns, gaps, focused, height };
}

/** @typedef {{x: number, room: number, side: number, pitch: number, sliver: boolean}} Place */

/**
 * @param {number[]} units
 * @param {boolean[]} mosaic
 * @param {("links" | "matrix")[]} kinds
 * @param {number} width
 * @param {number} height
 * @param {number} labels
 * @returns {Place[]}
 */
function fullSpread(units, mosaic, kinds, width, height, labels) {
  const count = units.length;
  const stacked = units.filter((_, index) => !mosaic[index]);
  const pitch = Math.min(Math.max(LARGEST_PITCH, height * PITCH_SHARE), height / Math.max(1, ...stacked));
  if (!kinds.includes("matrix")) {
    const guess = Math.min(tileSide(pitch), (width / count) * 0.5);
    const left = labels + guess / 2 + 6;
    const apart = Math.min((width - left - guess / 2 - 6) / Math.max(1, count - 1), Math.max(180, width / 3.2));
    const side = Math.min(tileSide(pitch), apart * 0.46);
    const start = left + (width - left - guess / 2 - 6 - apart * (count - 1)) / 2;
    return units.map((_, index) => ({ x: start + apart * index, room: apart, side, pitch, sliver: false }));
  }
  // Shares of the width: a mosaic wants most, a matrix less, a tile column a third, links a little more.
  const columnShare = mosaic.map((big) => (big ? 1 : 0.36));
  let gapShare = kinds.map((kind, index) => (kind === "matrix" ? matrixShare(units[index], units[index + 1]) : 0.7));
  const total = () => [...columnShare, ...gapShare].reduce((sum, share) => sum + share, 0);
  // Many columns in a high picture: narrow mosaics grow downwards, matrices can't.
  if ((width - labels - 8) / total() < height * 0.3) gapShare = gapShare.map((share) => share * 1.6);
  const shares = total();
  const unit = Math.min((width - labels - 8) / shares, height * 0.92);
  let x = labels + 4 + (width - labels - 8 - unit * shares) / 2;
  return units.map((_, index) => {
    const own = columnShare[index] * unit;
    const side = mosaic[index] ? Math.min(own * 0.94, height * 0.86) : Math.min(tileSide(pitch), own * 0.8);
    const beside = Math.min(gapShare[index - 1] ?? 1, gapShare[index] ?? 1) * unit;
    const place = { x: x + own / 2, room: own + Math.max(0.3 * unit, 0.9 * beside), side, pitch, sliver: false };
    x += own + (gapShare[index] ?? 0) * unit;
    return place;
  });
}

/**
 * A tall, narrow matrix needs little width, and none as much as a mosaic: a weight is one pixel, a neuron's map many.
 * @param {number} rows
 * @param {number} columns
 */
function matrixShare(rows, columns) {
  return Math.max(0.42, (0.62 * columns) / Math.max(rows, columns));
}

/**
 * @param {number[]} units
 * @param {boolean[]} mosaic
 * @param {number} width
 * @param {number} height
 * @param {number} focused
 * @param {number} labels px that the inputs' names want
 * @returns {Place[]}
 */
function focusSpread(units, mosaic, width, height, focused, labels) {
  const count = units.length;
  const near = units.map((_, index) => Math.abs(index - focused) <= 1);
  const big = near.some((is, index) => is && mosaic[index]);
  const wideCount = near.filter(Boolean).length;
  const stacked = units.filter((_, index) => !mosaic[index]);
  const pitch = Math.min(Math.max(LARGEST_PITCH, height * PITCH_SHARE), height / Math.max(1, ...stacked));
  const wide = Math.min(big ? 280 : Math.max(124, 2 * pitch), Math.max(44, (width * (big ? 0.66 : 0.36)) / wideCount));
  const tileOf = (/** @type {boolean} */ isMosaic) => (isMosaic ? Math.min(wide * 0.54, height * 0.86) : Math.min(tileSide(pitch), wide * 0.46));
  // The names have the room beside the inputs' own tiles; what they want beyond it is added.
  const names = near[0] ? Math.max(0, labels - (wide - tileOf(mosaic[0])) / 2) : 0;
  const inner = width - 12 - names;
  const slim = Math.max(1, (inner - wide * wideCount) / Math.max(1, count - wideCount));
  let x = 6 + names + Math.max(0, inner - wide * wideCount - slim * (count - wideCount)) / 2;
  return units.map((_, index) => {
    const room = near[index] ? wide : slim;
    const tile = tileOf(mosaic[index]);
    const side = near[index] ? tile : Math.max(1.2, Math.min(12, slim * 0.62));
    const place = { x: x + room / 2, room, side, pitch, sliver: !near[index] };
    x += room;
    return place;
  });
}

/** @param {number} pitch */
function tileSide(pitch) {
  return pitch - Math.max(1, pitch * 0.16);
}

/**
 * @param {Place} place
 * @param {number} layer
 * @param {number} units
 * @param {boolean} mosaic
 * @param {number} height
 * @param {number} usable
 * @returns {NetworkColumn}
 */
function placed({ x, room, side, pitch, sliver }, layer, units, mosaic, height, usable) {
  const common = { layer, units, x, room };
  if (mosaic && !sliver) {
    const { across, down, step } = mosaicGrid(units, side, height * 0.86);
    const top = (height - step * down) / 2;
    return {
      ...common, form: "mosaic", across, left: x - (step * across) / 2, top, wide: step * 0.9, high: step * 0.9, pitchX: step, pitchY: step,
    };
  }
  const step = mosaic ? Math.min(pitch, usable / units) : pitch;
  const high = sliver ? tileSide(step) : side;
  const top = (height - step * (units - 1) - high) / 2;
  return {
    ...common, form: sliver ? "sliver" : "tiles", across: 1, left: x - side / 2, top, wide: side, high, pitchX: 0, pitchY: step,
  };
}

/**
 * The grid that shows a mosaic's maps largest; of two nearly as good, the more nearly square.
 * @param {number} units
 * @param {number} wide
 * @param {number} high
 */
function mosaicGrid(units, wide, high) {
  let best = { across: 0, down: 0, step: 0 };
  for (let across = Math.ceil(Math.sqrt(units)); across > 0; across -= 1) {
    const down = Math.ceil(units / across);
    const step = Math.min(wide / across, high / down);
    if (step > 1.15 * best.step) best = { across, down, step };
  }
  return best;
}

/**
 * @param {NetworkColumn} from
 * @param {NetworkColumn} to
 * @param {"links" | "matrix"} kind
 * @param {number | null} focused
 * @param {number} height
 * @param {number[]} units
 * @returns {Gap}
 */
function gapBetween(from, to, kind, focused, height, units) {
  const left = rightOf(from);
  const right = to.left;
  const slivers = (from.form === "sliver" ? 1 : 0) + (to.form === "sliver" ? 1 : 0);
  if (kind === "matrix") {
    const room = right - left;
    if (slivers > 0 || room < 24) return { to: to.layer, kind: "none", left, right };
    const rows = units[to.layer - 1];
    const columns = units[to.layer];
    const cell = Math.min((room - 16) / columns, (height - 44) / rows, 14);
    const wide = Math.max(Math.min(room - 16, 14), cell * columns);
    const high = Math.max(14, cell * rows);
    return { to: to.layer, kind, left, right, x: (left + right - wide) / 2, y: (height - high) / 2, wide, high };
  }
  if (focused === null || slivers < 2) return { to: to.layer, kind: "links", left, right };
  return { to: to.layer, kind: right - left >= 2.5 ? "few" : "none", left, right };
}

/** @param {NetworkColumn} column */
export function rightOf(column) {
  return column.form === "mosaic" ? column.left + column.pitchX * (column.across - 1) + column.wide : column.left + column.wide;
}

/**
 * Left edge of a unit's cell.
 * @param {NetworkColumn} column
 * @param {number} unit
 */
export function cellLeft(column, unit) {
  return column.left + (unit % column.across) * column.pitchX;
}

/**
 * @param {NetworkColumn} column
 * @param {number} unit
 */
export function cellTop(column, unit) {
  return column.top + Math.floor(unit / column.across) * column.pitchY;
}

/**
 * Which unit lies under a point; `near` px around a cell count as inside.
 * @param {NetworkLayout} layout
 * @param {number} x
 * @param {number} y
 * @param {number} [near]
 * @returns {{layer: number, unit: number} | null}
 */
export function cellAt(layout, x, y, near = 0) {
  for (const column of layout.columns) {
    if (x < column.left - near || x > rightOf(column) + near) continue;
    for (let unit = 0; unit < column.units; unit += 1) {
      const left = cellLeft(column, unit);
      const top = cellTop(column, unit);
      if (x >= left - near && x <= left + column.wide + near && y >= top - near && y <= top + column.high + near) {
        return { layer: column.layer, unit };
      }
    }
  }
  return null;
}

/** The column whose room holds `x`. @param {NetworkLayout} layout @param {number} x */
export function columnAt(layout, x) {
  let best = layout.columns[0];
  for (const column of layout.columns) {
    if (Math.abs(column.x - x) - column.room / 2 < Math.abs(best.x - x) - best.room / 2) best = column;
  }
  return best.layer;
}

/**
 * What the page's layer controls need to stand above the columns. @param {NetworkLayout} layout
 * @returns {import("./slice.js").Column[]}
 */
export function controlColumns(layout) {
  return layout.columns.map((column) => ({
    layer: column.layer,
    x: column.x,
    width: column.room,
    units: column.units,
    kind: column.form === "sliver" ? "sliver" : "full",
  }));
}
