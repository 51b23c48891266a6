// What a form reads of an experiment: values by path, and parts (a bare name, or an object with `name`). No DOM.

/**
 * @typedef {object} Reading
 * @property {(path: string) => any} value what was asked for at a dotted path, else what the server says; undefined where nothing stands there
 * @property {Record<string, string>} refused the server's sentence, by path
 * @property {string} task binary, multiclass or regression; "" until the data are here
 */

/** @param {unknown} part @returns {string} the part's name, "" where there is none */
export function partName(part) {
  if (typeof part === "string") return part;
  if (part !== null && typeof part === "object" && "name" in part) return String(part.name);
  return "";
}

/**
 * A setting of a part as it stands, or undefined where the part is a bare name and so has its defaults.
 *
 * @param {unknown} part
 * @param {string} setting
 * @returns {unknown}
 */
export function settingOf(part, setting) {
  if (part === null || typeof part !== "object") return undefined;
  return /** @type {Record<string, unknown>} */ (part)[setting];
}

/** @param {Reading} reading @returns {Record<string, unknown>[]} */
export function hiddenLayers(reading) {
  return reading.value("network.hidden") ?? [];
}

/**
 * What all hidden layers have in common at `key`; undefined where they differ or there are none.
 *
 * @param {Reading} reading
 * @param {string} key
 * @param {unknown} otherwise what a layer that does not say has
 * @returns {unknown}
 */
export function commonValue(reading, key, otherwise) {
  const asked = reading.value(`network.hidden.all.${key}`);
  if (asked !== undefined) return asked;
  const values = hiddenLayers(reading).map((layer) => layer[key] ?? otherwise);
  const [first] = values;
  const alike = values.every((value) => value === first || (partName(value) !== "" && partName(value) === partName(first)));
  return alike ? first : undefined;
}
