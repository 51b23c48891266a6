/** What a scenario's scene expects, checked on the frame that is shown: the metrics as the server defines them. Pure. */

/** @typedef {{metric: string, low: number | null, high: number | null, text: string}} Expectation */
/** @typedef {import("./slice.js").Arrays} Arrays */

/**
 * One metric of a frame; null where the frame has no such number.
 * @param {string} metric
 * @param {any} header
 * @param {Arrays} arrays
 * @returns {number | null}
 */
export function metricOf(metric, header, arrays) {
  const delta = arrays.delta_norm ?? [];
  const training = header.training_loss;
  const test = header.test_loss;
  switch (metric) {
    case "training_loss":
      return training;
    case "test_loss":
      return test;
    case "gap":
      return training === null || test === null ? null : test - training;
    case "drop":
      return delta.length > 2 ? Math.log10(delta[0] / delta[delta.length - 2]) : null;
    case "slope":
      return header.lab?.theory?.measured_slope ?? null;
    case "diverged":
      return header.run_state === "diverged" ? 1 : 0;
    case "dead":
      return Math.max(0, ...Array.from(arrays.dead_share ?? []).slice(0, -1).filter((share) => !Number.isNaN(share)));
    case "alike":
      return alike(header, arrays);
    case "applied":
      return Math.hypot(...Array.from(arrays.weight_gradient_norm_clipped ?? []));
    default:
      return null;
  }
}

/**
 * @param {Expectation[]} expected
 * @param {any} header
 * @param {Arrays} arrays
 */
export function allHold(expected, header, arrays) {
  return expected.every(({ metric, low, high }) => {
    const value = metricOf(metric, header, arrays);
    return value !== null && Number.isFinite(value) && value >= (low ?? -Infinity) && value <= (high ?? Infinity);
  });
}

/** 1 where all units of layer 1 have the same weights. @param {any} header @param {Arrays} arrays */
function alike(header, { weights }) {
  if (!weights) return null;
  const inputs = header.network.inputs.length;
  const { units } = header.network.layers[0];
  for (let index = 0; index < inputs * units; index += 1) {
    const first = weights[index - (index % units)];
    if (Math.abs(weights[index] - first) > 1e-12 + 1e-6 * Math.abs(first)) return 0;
  }
  return 1;
}
