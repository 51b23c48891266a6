/**
 * What a view is shown: the newest frame and the data's points, decoded. Types, and the few questions
 * that several views ask.
 */

/** @typedef {Float64Array | Float32Array | Uint16Array | Uint8Array} Numbers */
/** @typedef {Record<string, Numbers | undefined>} Arrays */
/**
 * @typedef {object} SurfaceHeader
 * @property {number} resolution
 * @property {number} low
 * @property {number} high
 * @property {number[]} extent x1 low, x1 high, x2 low, x2 high
 * @property {string} kind binary | regression | multiclass | line
 */
/**
 * @typedef {object} LayerHeader
 * @property {number} units
 * @property {string} activation
 * @property {number[]} [flops] a step's floating-point operations: forward, backward, update
 * @property {number} [bytes] that these move
 */
/**
 * @typedef {object} NetworkHeader
 * @property {string[]} inputs
 * @property {LayerHeader[]} layers hidden ones, then the output
 * @property {number} [tile] pixels of a unit's map along one side
 * @property {string} [weights] "all" | "matrix"
 */
/**
 * @typedef {object} LabHeader
 * @property {number} step
 * @property {string[]} instruments
 * @property {number[][]} z_range
 * @property {number[][]} weight_range
 * @property {number[][]} weight_gradient_range
 * @property {import("./quantities.js").Theory} theory
 * @property {Finding[]} findings
 * @property {boolean} looked has the coach looked often enough to say that nothing is wrong
 * @property {{seeds: number, step: number, quantiles: number[]} | null} [band]
 * @property {Compared[]} [comparison] the runs side by side, this one first; empty without variants
 */
/** @typedef {{label: string, step: number, training_loss: number | null, test_loss: number | null, slope: number | null, diverged: {step: number, layer: number | null, what: string} | null}} Compared */
/** @typedef {{label: string, commands: Record<string, unknown>[]}} Cure */
/**
 * @typedef {object} Finding a diagnosis of the coach
 * @property {string} id
 * @property {"info" | "warning" | "error"} severity
 * @property {string} title
 * @property {string} seen
 * @property {string} why
 * @property {string} formula
 * @property {number[]} layers
 * @property {Cure[]} cures
 */
/**
 * @typedef {object} FrameHeader
 * @property {number} step
 * @property {SurfaceHeader | null} [surface]
 * @property {NetworkHeader | null} [network]
 * @property {(number | null)[][]} [activation_range]
 * @property {number} [tiles_step] of which the units' maps are
 * @property {number} [activation_step] of which the activations' histograms are
 * @property {{name: string, shape: number[]}[]} [arrays]
 * @property {number | null} [training_loss]
 * @property {number | null} [test_loss]
 * @property {number | null} [validation_loss]
 * @property {number} [generation]
 * @property {string} [run_state]
 * @property {Report} [report]
 * @property {{step: number, layer: number | null, what: string} | null} [diverged]
 * @property {LabHeader} [lab]
 */
/** @typedef {Record<string, any>} Report `step`, and the measures of `training`, `validation`, `test` */
/** @typedef {{kind: string, axes: number[], names: string[], share: number | null}} Lens */
/**
 * @typedef {object} PointsHeader
 * @property {number} revision
 * @property {string} task
 * @property {string[]} class_names
 * @property {string[]} feature_names
 * @property {number[]} [targets_range]
 * @property {Lens} [lens]
 * @property {number[] | null} [image] rows and columns, where the inputs are pixels
 * @property {string} [examples_of] training | test
 */
/** @typedef {{header: PointsHeader, arrays: Arrays}} Points */
/**
 * @typedef {object} Slice
 * @property {FrameHeader | null} [header]
 * @property {Arrays | null} [arrays]
 * @property {Points | null} [points]
 * @property {{testPoints?: boolean, discretize?: boolean, gradients?: boolean}} [options]
 * @property {Column[]} [columns] where the network view has put its columns
 * @property {number | null} [hoverUnit] index into `tiles`, inputs first
 * @property {string} [labQuantity] name of the quantity that map, profile, curves and river show
 * @property {number | null} [labLayer] the layer pointed at in the lab, from 1
 * @property {string} [labDistribution] what the ridgelines show
 * @property {import("./scale.js").Decades | null} [linkDecades] of the gradients that links show
 */
/** @typedef {{layer: number, x: number, width: number, units: number, kind: "full" | "sliver"}} Column layer 0 is the inputs */

/**
 * Weight layers in the frame: hidden layers and the output.
 * @param {Slice} slice
 */
export function layerCount(slice) {
  return slice.header?.network?.layers.length ?? slice.arrays?.delta_norm?.length ?? 0;
}

/**
 * Units of every column, the inputs first.
 * @param {NetworkHeader} network
 */
export function columnUnits(network) {
  return [network.inputs.length, ...network.layers.map((layer) => layer.units)];
}

/**
 * Which column and which unit of it a tile's index means.
 * @param {number[]} units
 * @param {number} index
 * @returns {{layer: number, unit: number} | null}
 */
export function unitAt(units, index) {
  let before = 0;
  for (let layer = 0; layer < units.length; layer += 1) {
    if (index < before + units[layer]) return { layer, unit: index - before };
    before += units[layer];
  }
  return null;
}

/**
 * A layer's weights: all of them (row-major, from × to), or a matrix pooled by the server.
 * @typedef {{values: Float32Array, rows: number, columns: number, pooled: boolean}} WeightMatrix
 */

const WEIGHTS = { flat: "weights", matrix: "weight_matrix_", biases: "biases" };
const GRADIENTS = { flat: "gradients", matrix: "gradient_matrix_", biases: "bias_gradients" };

/**
 * Every layer's dw and db, laid out as the weights; null where they did not come.
 * @param {Slice} slice
 */
export function gradientMatrices(slice) {
  return weightMatrices(slice, GRADIENTS);
}

/**
 * Every layer's weights and biases out of a frame, as views into its buffer.
 * @param {Slice} slice
 * @returns {{matrices: WeightMatrix[], biases: Float32Array[]} | null}
 */
export function weightMatrices(slice, names = WEIGHTS) {
  const network = slice.header?.network;
  const arrays = slice.arrays;
  if (!network || !arrays) return null;
  const units = columnUnits(network);
  const flat = arrays[names.flat];
  /** @type {WeightMatrix[]} */
  const matrices = [];
  /** @type {Float32Array[]} */
  const biases = [];
  let place = 0;
  let bias = 0;
  for (let layer = 1; layer < units.length; layer += 1) {
    const rows = units[layer - 1];
    const columns = units[layer];
    if (flat instanceof Float32Array) {
      matrices.push({ values: flat.subarray(place, place + rows * columns), rows, columns, pooled: false });
      place += rows * columns;
      biases.push(flat.subarray(place, place + columns));
      place += columns;
      continue;
    }
    const name = `${names.matrix}${layer}`;
    const values = arrays[name];
    const shape = slice.header?.arrays?.find((entry) => entry.name === name)?.shape ?? [];
    if (!(values instanceof Float32Array) || shape.length !== 2) return null;
    const pooled = shape[0] !== rows || shape[1] !== columns;
    matrices.push({ values, rows: shape[0], columns: shape[1], pooled });
    const all = arrays[names.biases];
    if (all instanceof Float32Array) biases.push(all.subarray(bias, bias + columns));
    bias += columns;
  }
  return { matrices, biases };
}
