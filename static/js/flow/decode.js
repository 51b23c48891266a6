// One binary attachment to a header and typed arrays: the other half of playground/wire/codec.py.

/** @typedef {Float64Array | Float32Array | Uint16Array | Uint8Array} Numbers */

/** @typedef {{name: string, dtype: string, shape: number[], offset: number}} ArrayEntry */

/**
 * @template {object} Header
 * @typedef {{header: Header, arrays: Record<string, Numbers>}} Packet
 */

/** @type {Record<string, {new (buffer: ArrayBuffer, offset: number, length: number): Numbers, BYTES_PER_ELEMENT: number}>} */
const DTYPES = { float64: Float64Array, float32: Float32Array, uint16: Uint16Array, uint8: Uint8Array };

/** The bytes can't be what the server packed. */
export class DecodeError extends Error {}

/**
 * Header and arrays of an attachment. The arrays are views into `buffer`: nothing is copied.
 *
 * @param {ArrayBuffer} buffer
 * @returns {Packet<{arrays: ArrayEntry[]} & Record<string, any>>}
 */
export function decode(buffer) {
  if (buffer.byteLength < 4) throw new DecodeError("an attachment has at least 4 bytes");
  const length = new DataView(buffer).getUint32(0, true);
  if (length > buffer.byteLength - 4) {
    throw new DecodeError(`the header claims ${length} bytes of ${buffer.byteLength}`);
  }
  const header = parseHeader(new Uint8Array(buffer, 4, length));
  /** @type {Record<string, Numbers>} */
  const arrays = {};
  for (const entry of header.arrays) arrays[entry.name] = view(buffer, entry, 4 + length);
  return { header, arrays };
}

/** @param {Uint8Array} bytes */
function parseHeader(bytes) {
  let header;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new DecodeError("the header is not JSON");
  }
  if (header === null || typeof header !== "object" || !Array.isArray(header.arrays)) {
    throw new DecodeError("the header does not list its arrays");
  }
  return header;
}

/**
 * @param {ArrayBuffer} buffer
 * @param {ArrayEntry} entry
 * @param {number} start where the header ends
 * @returns {Numbers}
 */
function view(buffer, entry, start) {
  const dtype = Object.hasOwn(DTYPES, entry.dtype) ? DTYPES[entry.dtype] : undefined;
  if (!dtype) throw new DecodeError(`${entry.name}: no dtype is called '${entry.dtype}'`);
  if (!Array.isArray(entry.shape) || !entry.shape.every((n) => Number.isInteger(n) && n >= 0)) {
    throw new DecodeError(`${entry.name}: the shape is not a list of sizes`);
  }
  const size = entry.shape.reduce((product, n) => product * n, 1);
  const bytes = size * dtype.BYTES_PER_ELEMENT;
  if (!(Number.isInteger(entry.offset) && entry.offset >= start)) {
    throw new DecodeError(`${entry.name}: the offset lies within the header`);
  }
  if (entry.offset + bytes > buffer.byteLength) {
    throw new DecodeError(`${entry.name}: ${bytes} bytes from ${entry.offset} go beyond the end`);
  }
  if (entry.offset % dtype.BYTES_PER_ELEMENT === 0) return new dtype(buffer, entry.offset, size);
  // A view has to begin at a multiple of its item size; the server pads, another sender may not.
  return new dtype(buffer.slice(entry.offset, entry.offset + bytes), 0, size);
}
