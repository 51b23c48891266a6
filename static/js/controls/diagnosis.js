// One sentence on how the gradient travels: which layer gets how much of what the output layer gets.

import { brief } from "../draw/format.js";

/** @typedef {{level: "quiet" | "good" | "warning" | "error", text: string}} Diagnosis */

/** A layer that receives less (or more) than this share of the output's delta is spoken of. */
const FAINT = 1e-2;
const STRONG = 1e2;
/** Once spoken of, it has to be this much better before it is called healthy again: no flicker at the border. */
const SLACK = 2;

/**
 * @param {{diverged?: {step: number, layer: number | null} | null}} header
 * @param {ArrayLike<number> | undefined} delta ‖delta‖ of each weight layer, the output layer last
 * @param {Diagnosis | null} [before] what was said last
 * @returns {Diagnosis}
 */
export function diagnose(header, delta, before = null) {
  if (header.diverged) {
    const { step, layer } = header.diverged;
    return { level: "error", text: `Diverged at step ${step}${layer ? `, in layer ${layer}` : ""}` };
  }
  if (!delta || delta.length === 0) return { level: "quiet", text: "Waiting for the first measurement" };
  const output = delta[delta.length - 1];
  if (!Number.isFinite(output)) return { level: "error", text: "The gradient is not finite" };
  if (output === 0) return { level: "quiet", text: "No gradient: the outputs fit exactly" };
  if (delta.length === 1) return { level: "good", text: "No hidden layer: the output layer gets all of the gradient" };

  const shares = Array.from(delta).slice(0, -1).map((value) => value / output);
  const least = Math.min(...shares);
  const most = Math.max(...shares);
  const again = before !== null && before.level === "warning" ? SLACK : 1;
  if (least === 0) {
    return { level: "warning", text: `Cut off \u2014 no gradient at all reaches layer ${shares.lastIndexOf(0) + 1}` };
  }
  if (least < FAINT * again) {
    return { level: "warning", text: `Vanishing \u2014 layer ${shares.indexOf(least) + 1} receives ${brief(least)} of the output gradient` };
  }
  if (most > STRONG / again) {
    return { level: "warning", text: `Exploding \u2014 layer ${shares.indexOf(most) + 1} receives ${brief(most)} times the output gradient` };
  }
  return { level: "good", text: "Healthy \u2014 every layer within two decades of the output gradient" };
}
