/** Every layer's numbers of now, as a table: what the pictures of the gradient lab show, in words. */

import { onResize } from "../draw/canvas.js";
import { create, setText } from "../draw/dom.js";
import { compact, layerName, thousands, withPrefix } from "../draw/format.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {import("../draw/slice.js").LayerHeader} LayerHeader */

/** @type {{name: string, head: string, title: string}[]} */
const COLUMNS = [
  { name: "delta_norm", head: "‖delta‖", title: "∂loss/∂z, root mean square over the batch" },
  { name: "weight_gradient_norm", head: "‖dw‖", title: "∂loss/∂w, before clipping" },
  { name: "weight_gradient_norm_clipped", head: "‖dw‖ clipped", title: "∂loss/∂w, as applied" },
  { name: "activation_norm", head: "‖a‖", title: "activations, root mean square over the batch" },
  { name: "update_ratio", head: "update ÷ weight", title: "‖update‖ ÷ ‖w‖; healthy around 0.001" },
];

const OPERATIONS = "floating-point operations in one step";
/** @type {{head: string, title: string, of: (layer: LayerHeader) => number}[]} */
const COSTS = [
  { head: "forward FLOP", title: `${OPERATIONS}: forward pass`, of: ({ flops }) => flops?.[0] ?? 0 },
  { head: "backward FLOP", title: `${OPERATIONS}: backward pass`, of: ({ flops }) => flops?.[1] ?? 0 },
  { head: "update FLOP", title: `${OPERATIONS}: weight update`, of: ({ flops }) => flops?.[2] ?? 0 },
  { head: "bytes", title: "read and written by these operations, as if there were no caches", of: ({ bytes }) => bytes ?? 0 },
];

/**
 * @param {number} step
 * @param {LayerHeader[]} layers
 */
function described(step, layers) {
  let [operations, bytes] = [0, 0];
  for (const layer of layers) {
    operations += (layer.flops ?? []).reduce((sum, one) => sum + one, 0);
    bytes += layer.bytes ?? 0;
  }
  const cost = `One step costs ${withPrefix(operations)} floating-point operations and moves ${withPrefix(bytes)} bytes.`;
  return `Measured at step ${thousands(step)}; the output layer first. ${cost}`;
}

/** @param {HTMLElement} element */
export function mount(element) {
  element.classList.add("view", "view-table");
  const caption = create("caption");
  const head = create("tr", {}, create("th", { scope: "col" }, "Layer"));
  for (const { head: word, title } of [...COLUMNS, ...COSTS]) head.append(create("th", { scope: "col", title }, word));
  const body = create("tbody");
  const table = create("table", {}, caption, create("thead", {}, head), body);
  element.append(table);
  /** @type {HTMLTableCellElement[][]} */
  let cells = [];
  /** @type {Slice} */
  let slice = {};

  /** @param {number} layers */
  function build(layers) {
    cells = [];
    body.replaceChildren();
    for (let row = 0; row < layers; row += 1) {
      const line = create("tr", {}, create("th", { scope: "row" }, layerName(layers - row, layers)));
      const own = [...COLUMNS, ...COSTS].map(() => create("td"));
      line.append(...own);
      body.append(line);
      cells.push(own);
    }
  }

  function fill() {
    const { header, arrays } = slice;
    const layers = arrays?.delta_norm?.length ?? 0;
    if (layers !== cells.length) build(layers);
    // Nobody reads a hidden table; it is filled when it is shown.
    if (element.clientHeight === 0) return;
    setText(caption, layers > 0 ? described(header?.step ?? 0, header?.network?.layers ?? []) : "Nothing measured yet.");
    cells.forEach((own, row) => {
      COLUMNS.forEach(({ name }, column) => {
        const value = arrays?.[name]?.[layers - 1 - row];
        const none = value === undefined || (name === "update_ratio" && Number.isNaN(value));
        setText(own[column], none ? "–" : compact(value));
      });
      const layer = header?.network?.layers[layers - 1 - row];
      COSTS.forEach(({ of }, column) => setText(own[COLUMNS.length + column], layer ? withPrefix(of(layer)) : "–"));
    });
  }
  onResize(element, fill);

  return (/** @type {Slice} */ next) => {
    slice = next;
    fill();
  };
}
