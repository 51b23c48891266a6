// Formulas: a tree of MathML elements, as the server sends it, becomes nodes.

const NAMESPACE = "http://www.w3.org/1998/Math/MathML";

/** @typedef {(string | Tree)[]} Tree an element's name (after it `still`, where it must not grow), then what it holds */

/**
 * @param {Tree} tree
 * @returns {Element}
 */
export function formula(tree) {
  const [name, ...inner] = tree;
  const [tag, still] = String(name).split(" ");
  const element = document.createElementNS(NAMESPACE, tag);
  if (tag === "math") element.setAttribute("display", "block");
  if (still) element.setAttribute("stretchy", "false");
  element.append(...inner.map((node) => (typeof node === "string" ? node : formula(node))));
  return element;
}
