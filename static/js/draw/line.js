/** Data of one input: the examples over it, and the network's answer as a curve. */

import { drawFeatureName } from "./canvas.js";
import { featureName, withSign } from "./format.js";
import { paintPoint, pointSize } from "./points.js";
import { ticks } from "./scale.js";

/** @typedef {import("./theme.js").Theme} Theme */
/** @typedef {import("./plane.js").Square} Square */

const TEST = 2;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("./slice.js").Points} points
 * @param {number[]} extent
 * @param {Square} square
 * @param {Theme} look
 * @param {boolean} withTest
 */
export function paintScatter(context, points, extent, { left, top, side }, look, withTest) {
  const { points: places, targets, role } = points.arrays;
  if (!places || !targets) return;
  const half = pointSize(targets.length, side) * 0.85 * look.weight;
  const regression = points.header.task === "regression";
  for (const pass of withTest ? [TEST, 0] : [0]) {
    for (let index = 0; index < targets.length; index += 1) {
      if ((role?.[index] === TEST ? TEST : 0) !== pass) continue;
      const x = left + ((places[2 * index] - extent[0]) / (extent[1] - extent[0])) * side;
      const y = top + side - ((places[2 * index + 1] - extent[2]) / (extent[3] - extent[2])) * side;
      if (regression) {
        paintDot(context, x, y, half * 0.75, pass === TEST, look);
        continue;
      }
      const kind = targets[index];
      paintPoint(context, x, y, half, kind, look.classes[kind % look.classes.length], pass === TEST, look);
    }
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {boolean} hollow
 * @param {Theme} look
 */
function paintDot(context, x, y, radius, hollow, look) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  if (hollow) {
    context.strokeStyle = look.classes[1];
    context.lineWidth = 1.1 * look.weight;
    context.stroke();
  } else {
    context.fillStyle = look.classes[1];
    context.fill();
  }
}

/**
 * One curve across the plane; what is not finite leaves a gap.
 * @param {CanvasRenderingContext2D} context
 * @param {ArrayLike<number>} values from the left edge to the right one
 * @param {number} low at the bottom edge
 * @param {number} high at the top edge
 * @param {Square} square
 * @param {{color: string, width: number, under: string}} stroke
 */
export function paintCurve(context, values, low, high, { left, top, side }, { color, width, under }) {
  context.save();
  context.beginPath();
  context.rect(left, top, side, side);
  context.clip();
  context.beginPath();
  let drawing = false;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (!Number.isFinite(value)) {
      drawing = false;
      continue;
    }
    const x = left + (index / (values.length - 1)) * side;
    const share = Math.min(4, Math.max(-3, (value - low) / (high - low)));
    const y = top + side - share * side;
    if (drawing) context.lineTo(x, y);
    else context.moveTo(x, y);
    drawing = true;
  }
  context.lineJoin = "round";
  context.strokeStyle = under;
  context.lineWidth = width + 2.5;
  context.stroke();
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
  context.restore();
}

/**
 * Zero, as a quiet line, where it lies inside.
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} extent
 * @param {Square} square
 * @param {Theme} look
 */
export function paintZero(context, extent, { left, top, side }, look) {
  if (!(extent[2] < 0 && extent[3] > 0)) return;
  const y = Math.round(top + side + (extent[2] / (extent[3] - extent[2])) * side) + 0.5;
  context.strokeStyle = look.line;
  context.lineWidth = look.weight;
  context.beginPath();
  context.moveTo(left, y);
  context.lineTo(left + side, y);
  context.stroke();
}

/**
 * The ends of a curve's own scale, at the left of the plane: a neuron's activation is not the target.
 * @param {CanvasRenderingContext2D} context
 * @param {number} low
 * @param {number} high
 * @param {number[]} extent
 * @param {string} name of the one input
 * @param {Square} square
 * @param {Theme} look
 */
export function paintOwnScale(context, low, high, extent, name, { left, top, side }, look) {
  context.strokeStyle = look.line;
  context.lineWidth = look.weight;
  context.strokeRect(left - 0.5, top - 0.5, side + 1, side + 1);
  context.fillStyle = look.muted;
  context.font = look.font(11);
  context.textAlign = "right";
  context.textBaseline = "top";
  context.fillText(withSign(high), left - 5, top);
  context.textBaseline = "bottom";
  context.fillText(withSign(low), left - 5, top + side);
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const value of ticks(extent[0], extent[1], 4)) {
    context.fillText(withSign(value).replace("+", ""), left + ((value - extent[0]) / (extent[1] - extent[0])) * side, top + side + 5);
  }
  context.textAlign = "right";
  drawFeatureName(context, featureName(name), left + side, top + side + 4, look.font, 12);
}
