// The experiment in the address: `#e=` deflated and base64url, `#experiment=` plain JSON for people who write it by hand.

/** The address holds something, but no experiment. */
export class ShareError extends Error {}

/** An experiment is a few kilobytes; more than this unpacked is not one of ours. */
const CAP_BYTES = 1 << 20;

/**
 * The hash for an experiment and the variants beside it, `#` included.
 *
 * @param {unknown} experiment
 * @param {unknown[]} [compare]
 * @returns {Promise<string>}
 */
export async function hashOf(experiment, compare = []) {
  const json = JSON.stringify(compare.length > 0 ? { .../** @type {object} */ (experiment), compare } : experiment);
  if (typeof CompressionStream === "undefined") return `#experiment=${encodeURIComponent(json)}`;
  const packed = await pump(new TextEncoder().encode(json), new CompressionStream("deflate-raw"), Infinity);
  return `#e=${base64url(packed)}`;
}

/**
 * The experiment in a hash; null where the hash speaks of something else.
 *
 * @param {string} hash
 * @returns {Promise<unknown>}
 */
export async function experimentIn(hash) {
  const match = /^#(e|experiment)=(.+)$/s.exec(hash);
  if (!match) return null;
  try {
    const json = match[1] === "experiment" ? decodeURIComponent(match[2]) : await inflate(match[2]);
    return JSON.parse(json);
  } catch {
    throw new ShareError("The experiment in this link can't be read: the link was cut short or changed on its way.");
  }
}

/** @param {string} text @returns {Promise<string>} */
async function inflate(text) {
  const packed = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const bytes = await pump(packed, new DecompressionStream("deflate-raw"), CAP_BYTES);
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream | DecompressionStream} transform
 * @param {number} cap_bytes
 * @returns {Promise<Uint8Array>}
 */
async function pump(bytes, transform, cap_bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(transform).getReader();
  /** @type {Uint8Array[]} */
  const chunks = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.length;
    if (size > cap_bytes) {
      await reader.cancel();
      throw new ShareError("too large");
    }
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** @param {Uint8Array} bytes */
function base64url(bytes) {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
