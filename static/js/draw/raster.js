/** From coded grids to pixels: smoothed in value (not in colour, so edges stay crisp), then one look-up. Pure. */

/** Rows of the grid being enlarged, widened but not yet coloured; grows to the largest grid seen. */
let widened = new Float32Array(0);

/** @type {Map<number, Float32Array>} */
const phases = new Map();

/**
 * Weights of the four samples around each of the `factor` pixels that lie in a cell (Catmull–Rom: through the
 * samples, without the facets of straight interpolation). Samples are cell centres, so the first half of a
 * cell's pixels lies between the sample before it and its own.
 * @param {number} factor
 */
function phasesOf(factor) {
  const known = phases.get(factor);
  if (known) return known;
  const weights = new Float32Array(4 * factor);
  for (let pixel = 0; pixel < factor; pixel += 1) {
    const place = (pixel + 0.5) / factor - 0.5;
    const t = place < 0 ? place + 1 : place;
    weights[4 * pixel] = 0.5 * (-t + 2 * t * t - t * t * t);
    weights[4 * pixel + 1] = 0.5 * (2 - 5 * t * t + 3 * t * t * t);
    weights[4 * pixel + 2] = 0.5 * (t + 4 * t * t - 3 * t * t * t);
    weights[4 * pixel + 3] = 0.5 * (-t * t + t * t * t);
  }
  phases.set(factor, weights);
  return weights;
}

/** Pixels of a cell before its centre: they lean on the sample before. @param {number} factor */
function before(factor) {
  return factor >> 1;
}

/**
 * Widen every row of a square grid; beyond its borders the grid goes on straight.
 * @param {Uint8Array | Float32Array} values
 * @param {number} first
 * @param {number} size
 * @param {number} factor
 */
function widen(values, first, size, factor) {
  const wide = size * factor;
  const weights = phasesOf(factor);
  const early = before(factor);
  // Two rows more above and below, so that a pixel at the border needs no question.
  if (widened.length < wide * (size + 4)) widened = new Float32Array(wide * (size + 4));
  for (let row = 0; row < size; row += 1) {
    const from = first + row * size;
    const last = from + size - 1;
    let place = (row + 2) * wide;
    for (let column = 0; column < size; column += 1) {
      const middle = from + column;
      const own = values[middle];
      const left = column > 0 ? values[middle - 1] : 2 * own - values[Math.min(last, middle + 1)];
      const right = column + 1 < size ? values[middle + 1] : 2 * own - values[Math.max(from, middle - 1)];
      if (left === own && own === right) {
        for (let pixel = 0; pixel < factor; pixel += 1) widened[place + pixel] = own;
        place += factor;
        continue;
      }
      const further = column > 1 ? values[middle - 2] : 2 * left - own;
      const beyond = column + 2 < size ? values[middle + 2] : 2 * right - own;
      for (let pixel = 0; pixel < factor; pixel += 1) {
        const w = 4 * pixel;
        widened[place] = pixel < early
          ? further * weights[w] + left * weights[w + 1] + own * weights[w + 2] + right * weights[w + 3]
          : left * weights[w] + own * weights[w + 1] + right * weights[w + 2] + beyond * weights[w + 3];
        place += 1;
      }
    }
  }
  const inner = Math.min(1, size - 1) * wide;
  for (let column = 0; column < wide; column += 1) {
    const top = 2 * wide + column;
    const bottom = (size + 1) * wide + column;
    const above = widened[top] - widened[top + inner];
    const below = widened[bottom] - widened[bottom - inner];
    for (let row = 1; row <= 2; row += 1) {
      widened[top - row * wide] = widened[top] + row * above;
      widened[bottom + row * wide] = widened[bottom] + row * below;
    }
  }
}

/**
 * Enlarge a square grid of numbers `factor` times each way.
 * @param {Uint8Array | Float32Array} values row-major; `first` is where the grid begins in it
 * @param {number} first
 * @param {number} size
 * @param {number} factor
 * @param {Float32Array} out
 */
export function smooth(values, first, size, factor, out) {
  const wide = size * factor;
  widen(values, first, size, factor);
  const weights = phasesOf(factor);
  const early = before(factor);
  for (let row = 0; row < wide; row += 1) {
    const own = Math.floor(row / factor);
    const phase = row - own * factor;
    const start = phase < early ? own : own + 1;
    const a = start * wide;
    const b = a + wide;
    const c = a + 2 * wide;
    const d = a + 3 * wide;
    const w = 4 * phase;
    const target = row * wide;
    for (let column = 0; column < wide; column += 1) {
      out[target + column] = widened[a + column] * weights[w] + widened[b + column] * weights[w + 1]
        + widened[c + column] * weights[w + 2] + widened[d + column] * weights[w + 3];
    }
  }
}

/**
 * Enlarge a square grid of codes and colour it.
 * @param {Uint8Array} codes row-major; `first` is where the grid begins in it
 * @param {number} first
 * @param {number} size
 * @param {number} factor
 * @param {Uint32Array} lut
 * @param {Uint32Array} out
 * @param {number} [stride] px a row of `out`
 * @param {number} [corner] where the grid's first px goes in it
 */
export function enlarge(codes, first, size, factor, lut, out, stride = size * factor, corner = 0) {
  const wide = size * factor;
  widen(codes, first, size, factor);
  const weights = phasesOf(factor);
  const early = before(factor);
  for (let row = 0; row < wide; row += 1) {
    const own = Math.floor(row / factor);
    const phase = row - own * factor;
    const start = phase < early ? own : own + 1;
    const a = start * wide;
    const b = a + wide;
    const c = a + 2 * wide;
    const d = a + 3 * wide;
    const wa = weights[4 * phase];
    const wb = weights[4 * phase + 1];
    const wc = weights[4 * phase + 2];
    const wd = weights[4 * phase + 3];
    const target = corner + row * stride;
    for (let column = 0; column < wide; column += 1) {
      const value = widened[a + column] * wa + widened[b + column] * wb + widened[c + column] * wc + widened[d + column] * wd + 0.5;
      out[target + column] = lut[value < 0 ? 0 : value > 255 ? 255 : value | 0];
    }
  }
}

/**
 * A block of unit maps for the atlas: `across` maps a row, each `size` px with a transparent px between.
 * @typedef {{x: number, across: number, down: number, units: number, first: number}} Block
 */

/**
 * Where every column's block lies in the atlas, side by side.
 * @param {number[]} units
 * @param {number[]} across maps in a row, per column
 * @param {number} size
 * @returns {{blocks: Block[], width: number, height: number}}
 */
export function atlasLayout(units, across, size) {
  /** @type {Block[]} */
  const blocks = [];
  let x = 0;
  let first = 0;
  let height = 1;
  for (let column = 0; column < units.length; column += 1) {
    const wide = Math.max(1, Math.min(across[column], units[column]));
    const down = Math.ceil(units[column] / wide);
    blocks.push({ x, across: wide, down, units: units[column], first });
    x += wide * (size + 1) + 1;
    height = Math.max(height, down * (size + 1));
    first += units[column];
  }
  return { blocks, width: Math.max(1, x), height };
}

/**
 * Paint every unit's map into the atlas's pixels.
 * @param {Uint8Array} tiles one map after the other
 * @param {number} size of a map as it came
 * @param {number} factor by which it is enlarged
 * @param {Block[]} blocks laid out for the enlarged size
 * @param {number} width of the atlas
 * @param {Uint32Array} lut
 * @param {Uint32Array} out
 */
export function paintAtlas(tiles, size, factor, blocks, width, lut, out) {
  const cell = size * factor + 1;
  for (const block of blocks) {
    for (let unit = 0; unit < block.units; unit += 1) {
      const corner = Math.floor(unit / block.across) * cell * width + block.x + (unit % block.across) * cell;
      enlarge(tiles, (block.first + unit) * size * size, size, factor, lut, out, width, corner);
    }
  }
}

/**
 * Colour signed numbers by value ÷ scale.
 * @param {ArrayLike<number>} values
 * @param {number} scale
 * @param {Uint32Array} lut
 * @param {Uint32Array} out
 */
export function paintSigned(values, scale, lut, out) {
  const factor = scale > 0 ? 127.5 / scale : 0;
  for (let index = 0; index < values.length; index += 1) {
    const shade = 127.5 + values[index] * factor;
    out[index] = lut[shade < 0 ? 0 : shade > 255 ? 255 : shade | 0];
  }
}

/**
 * Which row of a map over time each pixel column shows: the newest measured at or before its step.
 * @param {ArrayLike<number>} steps ascending
 * @param {Uint16Array} out one entry a pixel column
 */
export function columnsByStep(steps, out) {
  const count = steps.length;
  const first = steps[0];
  const span = count > 1 ? steps[count - 1] - first : 0;
  // The newest measurement needs a width too: as wide as one measurement is on average.
  const whole = span > 0 ? (span * count) / (count - 1) : 1;
  let index = 0;
  for (let column = 0; column < out.length; column += 1) {
    const step = first + (whole * column) / out.length;
    while (index + 1 < count && steps[index + 1] <= step) index += 1;
    out[column] = index;
  }
  return out;
}

/**
 * Paint a map of norm codes: a row a layer, the output layer on top.
 * @param {Uint8Array} codes measurement-major, input side first
 * @param {number} layers
 * @param {Uint16Array} columns what each pixel column shows
 * @param {Uint8Array} shades from code to ramp index
 * @param {Uint32Array} lut
 * @param {{zero: number, notFinite: number}} special pixels
 * @param {Uint32Array} out
 * @returns {{zero: boolean, notFinite: boolean}} what of the special was met
 */
export function paintNorms(codes, layers, columns, shades, lut, special, out) {
  const width = columns.length;
  const met = { zero: false, notFinite: false };
  for (let column = 0; column < width; column += 1) {
    const source = columns[column] * layers;
    for (let layer = 0; layer < layers; layer += 1) {
      const code = codes[source + layer];
      let color = lut[shades[code]];
      if (code === 0) {
        color = special.zero;
        met.zero = true;
      } else if (code === 255) {
        color = special.notFinite;
        met.notFinite = true;
      }
      out[(layers - 1 - layer) * width + column] = color;
    }
  }
  return met;
}
