/** Scales, ticks and thinning: from quantities to places on the screen. Pure. */

/** Norms are coded over 10^-30 … 10^2 in the codes 1 … 254; 0 is an exact zero, 255 not finite. */
const CODE_LOW = -30;
const CODE_DECADES = 32;
const CODE_STEPS = 253;
export const CODE_ZERO = 0;
export const CODE_NOT_FINITE = 255;

/** @typedef {{low: number, high: number}} Decades exponents of ten */

/**
 * Where `value` lies between 10^low and 10^high, 0…1, clipped. Zero is 0; what is not finite is NaN.
 * @param {number} value
 * @param {Decades} decades
 */
export function logShare(value, { low, high }) {
  if (!Number.isFinite(value)) return Number.NaN;
  if (value <= 0) return 0;
  return Math.min(1, Math.max(0, (Math.log10(value) - low) / (high - low)));
}

/**
 * log10 of a coded norm.
 * @param {number} code 1…254
 */
export function codeExponent(code) {
  return CODE_LOW + ((code - 1) / CODE_STEPS) * CODE_DECADES;
}

/**
 * For every norm code its index into a ramp of 256: one look-up a cell when the map is painted.
 * @param {Decades} decades
 * @param {Uint8Array} out 256 entries
 */
export function codeShades({ low, high }, out) {
  for (let code = 1; code < 255; code += 1) {
    const share = (codeExponent(code) - low) / (high - low);
    out[code] = Math.round(Math.min(1, Math.max(0, share)) * 255);
  }
  out[CODE_ZERO] = 0;
  out[CODE_NOT_FINITE] = 255;
  return out;
}

const counts = new Uint32Array(256);

/**
 * The decades that colours span: seven, so that what has vanished looks vanished. 10^-6 … 10 as long as the largest
 * norm in the frame's history lies near 1 (a healthy gradient then leaves room to grow); up to 10^2 when gradients
 * explode; lower only when every norm is small. The rarest 1 % is passed over: one spike must not recolour the history.
 * @param {ArrayLike<number>} coded a map of norm codes
 * @param {ArrayLike<number>} current norms of now
 * @returns {Decades}
 */
export function flowDecades(coded, current) {
  counts.fill(0);
  let total = 0;
  for (let index = 0; index < coded.length; index += 1) {
    counts[coded[index]] += 1;
    if (coded[index] > 0 && coded[index] < 255) total += 1;
  }
  let highest = Number.NEGATIVE_INFINITY;
  let seen = 0;
  for (let code = 254; code > 0 && highest === Number.NEGATIVE_INFINITY; code -= 1) {
    seen += counts[code];
    if (seen > total * 0.01) highest = codeExponent(code);
  }
  for (let index = 0; index < current.length; index += 1) {
    if (current[index] > 0 && Number.isFinite(current[index])) highest = Math.max(highest, Math.log10(current[index]));
  }
  if (highest > 1) return { low: -5, high: 2 };
  if (highest > -2 || highest === Number.NEGATIVE_INFINITY) return { low: -6, high: 1 };
  // In steps of two decades, so that a slow drift seldom changes the colours.
  const high = 2 * Math.ceil(highest / 2) + 1;
  return { low: high - 7, high };
}

/**
 * Round numbers inside a range, about `wanted` of them.
 * @param {number} low
 * @param {number} high
 * @param {number} wanted
 */
export function ticks(low, high, wanted) {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [];
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999) ?? rough;
  /** @type {number[]} */
  const out = [];
  // The epsilon keeps a tick that lies on the border; rounding keeps 0.1 + 0.2 from being a tick's name.
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index += 1) {
    out.push(Number((index * step).toPrecision(12)));
  }
  return out;
}

/**
 * Ticks of a logarithmic axis: whole decades, and 2 and 5 between them when there are fewer than two.
 * @param {number} low exponent
 * @param {number} high exponent
 * @param {number} most
 * @returns {number[]} values
 */
export function logTicks(low, high, most) {
  const first = Math.ceil(low - 1e-9);
  const last = Math.floor(high + 1e-9);
  if (last - first < 1) {
    /** @type {number[]} */
    const fine = [];
    for (let decade = Math.floor(low); decade <= Math.ceil(high); decade += 1) {
      for (const factor of [1, 2, 5]) {
        const exponent = decade + Math.log10(factor);
        if (exponent >= low && exponent <= high) fine.push(Number(`${factor}e${decade}`));
      }
    }
    return fine;
  }
  const stride = Math.max(1, Math.ceil((last - first + 1) / most));
  /** @type {number[]} */
  const out = [];
  for (let decade = last; decade >= first; decade -= stride) out.unshift(Number(`1e${decade}`));
  return out;
}

/**
 * Which of `count` labels, `spacing` apart, to print so that they stay `room` apart: multiples of
 * 1, 2, 5, 10, … and the first and the last. Indices count from 1, as layers do.
 * @param {number} count
 * @param {number} spacing
 * @param {number} room
 * @returns {number[]}
 */
export function thin(count, spacing, room) {
  if (count <= 0) return [];
  if (spacing >= room) return Array.from({ length: count }, (_, index) => index + 1);
  const stride = [2, 5, 10, 20, 50, 100].find((size) => size * spacing >= room) ?? count;
  const apart = room / spacing;
  /** @type {number[]} */
  const out = [1];
  for (let index = stride; index < count; index += stride) {
    if (index - 1 >= apart && count - index >= apart) out.push(index);
  }
  if (count > 1 && count - 1 >= apart) out.push(count);
  // With room for one label only, it is the last: the output.
  return out.length === 1 && count > 1 ? [count] : out;
}

/**
 * A size that is stable while the quantity beneath it wanders: the next of 1, 1.5, 2, 3, 4, 6, 8, 12 …
 * above `value`, and not lower than `before` until the value has fallen well below it.
 * @param {number} value
 * @param {number} before 0 when there is none
 */
export function steady(value, before) {
  if (!Number.isFinite(value)) return before || 1;
  if (before > 0 && value <= before && value > before * 0.45) return before;
  let size = 1;
  while (size < value) size *= Math.log2(size) % 1 === 0 ? 1.5 : 4 / 3;
  while (size > 0.25 && value <= size / 2) size /= 2;
  return size;
}

/**
 * Where an update ÷ weight ratio stands: a layer without weights has none.
 * @param {number} ratio
 * @param {Decades} band
 * @returns {"none" | "low" | "healthy" | "high"}
 */
export function ratioKind(ratio, { low, high }) {
  if (Number.isNaN(ratio)) return "none";
  if (ratio < 10 ** low) return "low";
  return ratio > 10 ** high ? "high" : "healthy";
}

/**
 * The range of a logarithmic axis of losses in exponents: outward to 1, 2 or 5 of a decade, so that it does not
 * creep with every frame; at least one decade.
 * @param {ArrayLike<number>[]} curves
 * @returns {Decades}
 */
export function lossRange(curves) {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const curve of curves) {
    for (let index = 0; index < curve.length; index += 1) {
      const value = curve[index];
      if (!(value > 0) || !Number.isFinite(value)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  if (most === 0) return { low: -1, high: 0 };
  const top = Math.floor(Math.log10(most) + 1e-9);
  const above = [1, 2, 5].find((factor) => most <= factor * 10 ** top * 1.001) ?? 10;
  const bottom = Math.floor(Math.log10(least) + 1e-9);
  const below = [5, 2].find((factor) => least >= factor * 10 ** bottom * 0.999) ?? 1;
  const high = top + Math.log10(above);
  return { low: Math.min(high - 1, bottom + Math.log10(below)), high };
}

/**
 * The exponents that an axis of norms spans: outward to even ones, so that it does not creep with every frame; at least four.
 * @param {ArrayLike<number>[]} norms
 * @param {ArrayLike<number>[]} [logs] further values that are exponents already
 * @returns {Decades}
 */
export function exponentRange(norms, logs = []) {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  /** @param {number} exponent */
  function take(exponent) {
    if (!Number.isFinite(exponent)) return;
    low = Math.min(low, exponent);
    high = Math.max(high, exponent);
  }
  for (const row of norms) for (let index = 0; index < row.length; index += 1) take(Math.log10(row[index]));
  for (const row of logs) for (let index = 0; index < row.length; index += 1) take(row[index]);
  if (low > high) return { low: -6, high: 0 };
  low = 2 * Math.floor(low / 2);
  // + 0: there is no −0 on an axis.
  high = 2 * Math.ceil(high / 2) + 0;
  if (high - low < 4) high = low + 4;
  return { low, high };
}

/**
 * By how much `width` px of an axis from `first` to `last` have moved since it ended at `end`; negative where it went back.
 * @param {number} first
 * @param {number} end
 * @param {number} last
 * @param {number} width
 */
export function movedBy(first, end, last, width) {
  return last > first ? ((last - end) / (last - first)) * width : 0;
}
