// Dotted paths into an experiment, and the merge patches that change it.

/**
 * The value at `path`, undefined where there is none.
 *
 * @param {unknown} object
 * @param {string} path such as `network.hidden.0.units`
 * @returns {any}
 */
export function valueAt(object, path) {
  let value = /** @type {any} */ (object);
  for (const key of path.split(".")) {
    if (value === null || typeof value !== "object") return undefined;
    value = value[key];
  }
  return value;
}

/**
 * The merge patch (RFC 7396) that sets one value.
 *
 * @param {string} path
 * @param {unknown} value
 * @returns {Record<string, any>}
 */
export function patchOf(path, value) {
  return path.split(".").reduceRight((inner, key) => ({ [key]: inner }), /** @type {any} */ (value));
}

/**
 * Equal as JSON values.
 *
 * @param {unknown} a
 * @param {unknown} b
 * @returns {boolean}
 */
export function same(a, b) {
  if (Object.is(a, b)) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  const [left, right] = [/** @type {any} */ (a), /** @type {any} */ (b)];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => same(left[key], right[key]));
}
