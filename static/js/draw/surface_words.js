/** What the surface says in words, and what a neuron's weights look like on the pixels. Pure. */

import { compact, counted, featureName, precise } from "./format.js";
import { columnUnits, unitAt, weightMatrices } from "./slice.js";

/** @typedef {import("./slice.js").Slice} Slice */
/** @typedef {import("./plane.js").Grid} Grid */

/**
 * What stands under the pointer. At rest the server sends the values unrounded; while it trains, the colours' bytes
 * are good for two digits.
 * @param {Slice} slice
 * @param {Grid} grid
 * @param {string[]} names of the coordinates
 * @param {number} across 0…1
 * @param {number} down 0…1
 * @returns {string[]}
 */
export function hoverWords(slice, { codes, size, low, high, extent, kind }, names, across, down) {
  const index = Math.floor(down * size) * size + Math.floor(across * size);
  const code = codes[index];
  if (kind === "image") return [`weight ${compact(low + ((high - low) * code) / 255)}`];
  const exact = slice.arrays?.surface_value;
  const known = kind !== "unit" && exact && exact.length === codes.length ? exact[index] : null;
  // A cell has one value, that of its centre: so the place named is the centre.
  const x = extent[0] + ((Math.floor(across * size) + 0.5) / size) * (extent[1] - extent[0]);
  const y = extent[3] - ((Math.floor(down * size) + 0.5) / size) * (extent[3] - extent[2]);
  const [first, second] = names.map(featureName);
  const place = [`${first} ${precise(x)}`, `${second} ${precise(y)}`];
  const lines = first.length + second.length > 16 ? place : [place.join(", ")];
  if (kind === "multiclass") {
    const sure = slice.arrays?.surface_confidence?.[index];
    const share = known ?? (sure === undefined ? null : sure / 255);
    const name = slice.points?.header.class_names[code] ?? `class ${code}`;
    return [share === null ? name : `${name}, probability ${known === null ? compact(share) : precise(share)}`, ...lines];
  }
  const value = known === null ? compact(low + ((high - low) * code) / 255) : precise(known);
  return [`${kind === "unit" ? "activation" : "output"} ${value}`, ...lines];
}

/**
 * Through what the data are seen, where that is not their own plane.
 * @param {Slice} slice
 */
export function lensWords(slice) {
  const header = slice.points?.header;
  const outputs = slice.header?.network?.layers.at(-1)?.units ?? 1;
  const first = header?.task === "regression" && outputs > 1 && header.lens?.kind !== "line" ? ` Output 1 of ${outputs}.` : "";
  const others = (header?.feature_names.length ?? 0) - 2;
  if (header?.lens?.kind === "components") {
    const share = Math.round(100 * (header.lens.share ?? 0));
    return `Principal components: ${share} % of variance, rest at mean.${first}`;
  }
  if (header?.lens?.kind === "features" && others > 0) return `${counted(others, "other input")} held at ${others === 1 ? "its" : "their"} mean.${first}`;
  return first.trim();
}

/**
 * What is pale in the neurons' maps, where that is not zero everywhere; and why there are none.
 * @param {Slice} slice
 */
export function mapWords(slice) {
  const sigmoid = slice.header?.network?.layers.some(({ activation }) => activation === "sigmoid");
  const words = [
    imageSide(slice) > 0 ? "layer 1: its weights on the pixels" : "",
    slice.header?.network?.tile === 0 ? "too many neurons for a map each" : "",
    sigmoid ? "sigmoid maps: pale = ½" : "",
  ];
  return words.filter((word) => word !== "").join(" · ");
}

/**
 * A first-layer neuron's incoming weights as a picture, where the inputs are pixels.
 * @param {Slice} slice
 * @param {number} index into the tiles
 * @returns {Grid | null}
 */
export function weightImage(slice, index) {
  const network = slice.header?.network;
  const side = imageSide(slice);
  if (!network || side === 0) return null;
  const unit = unitAt(columnUnits(network), index);
  const matrix = weightMatrices(slice)?.matrices[0];
  if (unit?.layer !== 1 || !matrix || matrix.pooled) return null;
  const largest = largestSize(matrix.values);
  const codes = new Uint8Array(side * side);
  for (let pixel = 0; pixel < codes.length; pixel += 1) {
    codes[pixel] = Math.round(127.5 + (127.5 * matrix.values[pixel * matrix.columns + unit.unit]) / largest);
  }
  return { codes, size: side, low: -largest, high: largest, extent: [0, side, 0, side], kind: "image" };
}

/**
 * Pixels along a side of square pictures; 0 where the inputs are none.
 * @param {Slice} slice
 */
export function imageSide(slice) {
  const [rows, columns] = slice.points?.header.image ?? [0, 0];
  return rows === columns && rows * columns === slice.header?.network?.inputs.length ? rows : 0;
}

/** @param {Float32Array} values */
export function largestSize(values) {
  let largest = 0;
  for (const value of values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest || 1;
}

/**
 * Several classes' answer out of a frame.
 * @param {Slice} slice
 * @param {Uint8Array} classes
 * @returns {import("./classes.js").Answer}
 */
export function classAnswer(slice, classes) {
  /** @param {string} name */
  const bytes = (name) => {
    const found = slice.arrays?.[name];
    return found instanceof Uint8Array ? found : null;
  };
  return { classes, confidence: bytes("surface_confidence"), second: bytes("surface_second"), secondConfidence: bytes("surface_second_confidence") };
}
