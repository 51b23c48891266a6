/** Elements in one expression. Text goes in as text. */

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function create(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/**
 * Set text only when it differs: an untouched text node costs no layout.
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * A power of ten as people write it: 10 with a raised exponent; 1 and 10 as they are.
 * @param {number} exponent
 * @returns {(Node | string)[]}
 */
export function powerOfTen(exponent) {
  if (exponent === 0 || exponent === 1) return [String(10 ** exponent)];
  return ["10", create("sup", {}, String(exponent).replace("-", "\u2212"))];
}
