/** Runs side by side: their numbers out of a frame, and what tells their lines apart: number, dash, mark and colour. */

/** @typedef {import("./slice.js").Slice} Slice */
/** @typedef {import("./slice.js").Numbers} Numbers */
/** @typedef {import("./theme.js").Theme} Theme */

/** Dashes in units of the line's width; the marks stand in the same order. */
export const DASHES = [[], [5, 2.5], [1.2, 2.4], [7, 2.2, 1.2, 2.2]];
export const MARKS = /** @type {const} */ (["disc", "square", "triangle", "diamond"]);

/**
 * @typedef {object} Run
 * @property {number} number counted from 1, which is the session's own
 * @property {import("./slice.js").Compared} told
 * @property {Numbers} steps
 * @property {Numbers} losses
 * @property {(quantity: string) => Numbers | undefined} norms
 */

/** The runs of a frame; none without a comparison. @param {Slice} slice @returns {Run[]} */
export function runsIn({ header, arrays }) {
  const told = header?.lab?.comparison ?? [];
  if (!arrays) return [];
  return told.map((each, index) => {
    const prefix = index === 0 ? "" : `compared_${index}_`;
    return {
      number: index + 1,
      told: each,
      steps: arrays[`${prefix}curve_step`] ?? new Float64Array(),
      losses: arrays[`${prefix}curve_training_loss`] ?? new Float32Array(),
      norms: (quantity) => arrays[`${prefix}${quantity}`],
    };
  });
}

/** The session's own run is ink. @param {number} number @param {Theme} look */
export function colorOf(number, look) {
  return number === 1 ? look.ink : look.classes[[1, 0, 3][number - 2]];
}

/** @param {CanvasRenderingContext2D} context @param {number} number @param {Theme} look */
export function strokeOf(context, number, look) {
  context.strokeStyle = context.fillStyle = colorOf(number, look);
  context.lineWidth = 2 * look.weight;
  context.setLineDash(DASHES[number - 1].map((part) => part * 2 * look.weight));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} number
 * @param {number} x
 * @param {number} y
 * @param {number} size from the middle to the edge
 */
export function paintMark(context, number, x, y, size) {
  const mark = MARKS[number - 1];
  context.beginPath();
  if (mark === "disc") context.arc(x, y, size, 0, 2 * Math.PI);
  else if (mark === "square") context.rect(x - 0.9 * size, y - 0.9 * size, 1.8 * size, 1.8 * size);
  else {
    const corners = mark === "triangle" ? [[0, -1.15], [1.1, 0.85], [-1.1, 0.85]] : [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]];
    corners.forEach(([right, down]) => context.lineTo(x + right * size, y + down * size));
    context.closePath();
  }
  context.fill();
}

/**
 * Heights at which labels may stand: as near to where they belong as `room` between them allows.
 * @param {number[]} wanted
 * @param {number} room
 * @param {number} top
 * @param {number} bottom
 * @returns {number[]} in the order given
 */
export function apart(wanted, room, top, bottom) {
  const order = wanted.map((y, index) => ({ y: Math.min(bottom, Math.max(top, y)), index })).sort((a, b) => a.y - b.y);
  for (let at = 1; at < order.length; at += 1) order[at].y = Math.max(order[at].y, order[at - 1].y + room);
  let limit = bottom;
  for (let at = order.length - 1; at >= 0; at -= 1) {
    order[at].y = Math.min(order[at].y, limit);
    limit = order[at].y - room;
  }
  /** @type {number[]} */
  const out = [];
  for (const { y, index } of order) out[index] = y;
  return out;
}

/**
 * The value of a curve at a step: that of the last point at or before it.
 * @param {Numbers} steps
 * @param {Numbers} values
 * @param {number} step
 */
export function valueAtStep(steps, values, step) {
  let found = Number.NaN;
  for (let index = 0; index < steps.length && steps[index] <= step; index += 1) found = values[index];
  return found;
}
