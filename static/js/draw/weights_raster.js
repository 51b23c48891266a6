/** Weights and gradients as pixels: sizes over decades, and first-layer weights as pictures. Pure. */

import { logShare } from "./scale.js";

/**
 * Colour sizes over decades.
 * @param {ArrayLike<number>} values
 * @param {import("./scale.js").Decades} decades
 * @param {Uint32Array} lut
 * @param {Uint32Array} out
 */
export function paintFlow(values, decades, lut, out) {
  for (let index = 0; index < values.length; index += 1) {
    const share = logShare(Math.abs(values[index]), decades);
    out[index] = lut[Number.isNaN(share) ? 255 : Math.round(255 * share)];
  }
}

/**
 * First-layer weights as pictures of the pixels they look at, in the place of the units' maps.
 * @param {Float32Array} values inputs by units
 * @param {number} side pixels along a side
 * @param {number} scale
 * @param {import("./raster.js").Block} block of the first layer in the atlas
 * @param {number} cell px of a map in the atlas
 * @param {number} width of the atlas
 * @param {Uint32Array} lut
 * @param {Uint32Array} out
 */
export function paintWeightImages(values, side, scale, block, cell, width, lut, out) {
  const units = values.length / (side * side);
  for (let unit = 0; unit < units; unit += 1) {
    const corner = Math.floor(unit / block.across) * (cell + 1) * width + block.x + (unit % block.across) * (cell + 1);
    for (let row = 0; row < cell; row += 1) {
      const from = Math.floor((row * side) / cell) * side;
      for (let column = 0; column < cell; column += 1) {
        const weight = values[(from + Math.floor((column * side) / cell)) * units + unit];
        const shade = 127.5 + (127.5 * weight) / scale;
        out[corner + row * width + column] = lut[shade < 0 ? 0 : shade > 255 ? 255 : shade | 0];
      }
    }
  }
}
