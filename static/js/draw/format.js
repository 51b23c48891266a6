/** Numbers as words: two significant digits, thin spaces, real minus signs. Pure. */

export const MINUS = "\u2212";
const THIN_SPACE = "\u2009";

/**
 * A quantity in at most seven characters: `0.13`, `0.042`, `4.2e−3`, `35`, `1.2e+4`.
 * @param {number | null | undefined} value
 * @returns {string}
 */
export function compact(value) {
  if (value === null || value === undefined) return "–";
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : `${MINUS}inf`;
  if (value === 0) return "0";
  // Rounded first: 0.00999 is 0.010 in two digits, not 1.0e-2.
  const rounded = Number(value.toPrecision(2));
  const size = Math.abs(rounded);
  if (size >= 0.01 && size < 1000) return signed(size >= 10 ? String(rounded) : value.toPrecision(2));
  return signed(value.toExponential(1));
}

/**
 * As short as it can be said: one significant digit beyond 0.01…1000 (`4e−3`), two inside.
 * @param {number | null | undefined} value
 * @returns {string}
 */
export function brief(value) {
  if (value === null || value === undefined || !Number.isFinite(value) || value === 0) return compact(value);
  const size = Math.abs(Number(value.toPrecision(2)));
  return size >= 0.01 && size < 1000 ? compact(value) : signed(value.toExponential(0));
}

/** A tick without needless zeros: 1, 0.1, 0.02, 10. @param {number} value */
export function plain(value) {
  return value >= 1e-3 && value < 1e4 ? String(Number(value.toPrecision(2))) : compact(value).replace(".0", "");
}

/**
 * A whole number in groups of three: `3 600`.
 * @param {number} value
 * @returns {string}
 */
export function thousands(value) {
  const digits = Math.abs(Math.round(value)).toString();
  const grouped = digits.length < 4 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
  return value < 0 ? MINUS + grouped : grouped;
}

/**
 * Says of which step a picture is, from when it is first older than its frame until training rests: words that
 * come and go with every frame can't be read.
 * @returns {(header: {step: number, run_state?: string} | null | undefined, step: number | undefined) => string}
 */
export function ageTeller() {
  let isOlder = false;
  return (header, step) => {
    if (header?.run_state !== "running" || step === undefined) isOlder = false;
    else isOlder ||= step !== header.step;
    return isOlder ? `of step ${thousands(Number(step))}` : "";
  };
}

/**
 * A count in three digits: 1480 → `1.48 k`, 21_000_000 → `21 M`.
 * @param {number} value
 * @returns {string}
 */
export function withPrefix(value) {
  let [size, power] = [Number(value.toPrecision(3)), 0];
  for (; size >= 1000 && power < 4; power += 1) size /= 1000;
  return power > 0 ? `${Number(size.toPrecision(3))}${THIN_SPACE}${"kMGT"[power - 1]}` : String(size);
}

/**
 * A number for hovering: three significant digits, no needless zeros.
 * @param {number | null | undefined} value
 * @returns {string}
 */
export function precise(value) {
  if (value === null || value === undefined || !Number.isFinite(value) || value === 0) return compact(value);
  const size = Math.abs(Number(value.toPrecision(3)));
  if (size >= 0.001 && size < 100000) return signed(String(Number(value.toPrecision(3))));
  return signed(value.toExponential(2));
}

/**
 * With an explicit sign, for the ends of a signed scale: `+1`, `−1`, `0`.
 * @param {number} value
 * @returns {string}
 */
export function withSign(value) {
  const text = Math.abs(value) < 1000 ? signed(String(Number(value.toPrecision(2)))) : brief(value);
  return value > 0 ? `+${text}` : text;
}

/**
 * A neuron in words, counted from 1: `layer 3, neuron 5`.
 * @param {number} layer 0 is the inputs
 * @param {number} layers hidden layers and output
 * @param {number} unit
 * @param {string[]} inputs
 */
export function unitName(layer, layers, unit, inputs) {
  if (layer === 0) return `input ${featureName(inputs[unit] ?? String(unit + 1))}`;
  if (layer === layers) return `output ${unit + 1}`;
  return `layer ${layer}, neuron ${unit + 1}`;
}

/**
 * A layer in words: `Layer 3`, `Output`; short: `L3`, `out`.
 * @param {number} layer counted from 1
 * @param {number} layers
 * @param {boolean} [short]
 */
export function layerName(layer, layers, short = false) {
  if (layer === layers) return short ? "out" : "Output";
  return short ? `L${layer}` : `Layer ${layer}`;
}

/**
 * A count with its word: `1 output`, `2 inputs`.
 * @param {number} count
 * @param {string} word
 */
export function counted(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

const FEATURES = new Map([
  ["x1", "x1"],
  ["x2", "x2"],
  ["x1_squared", "x1²"],
  ["x2_squared", "x2²"],
  ["x1_x2", "x1·x2"],
  ["sin_x1", "sin x1"],
  ["sin_x2", "sin x2"],
]);

/**
 * A feature's name for people.
 * @param {string} name
 */
export function featureName(name) {
  return FEATURES.get(name) ?? name.replaceAll("_", " ");
}

/** @param {string} text */
function signed(text) {
  return text.replace(/-/g, MINUS);
}

/**
 * A feature's name cut where its index goes below the line: `sin x1` is "sin x" and a low "1".
 * @param {string} name
 * @returns {{text: string, low: boolean}[]}
 */
export function runs(name) {
  return name.split(/(?<=\bx)(\d+)/).map((text, index) => ({ text, low: index % 2 === 1 })).filter((run) => run.text !== "");
}
