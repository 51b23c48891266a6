/** Data points: classes by shape and colour, training filled, test hollow. */

/** @typedef {import("./theme.js").Theme} Theme */

const TEST = 2;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("./slice.js").Points} points
 * @param {number[]} extent
 * @param {number} side px of the square plane
 * @param {Theme} theme
 * @param {boolean} withTest
 */
export function paintPoints(context, points, extent, side, theme, withTest) {
  const { points: places, targets, role } = points.arrays;
  if (!places || !targets) return;
  const { task, targets_range: range = [-1, 1] } = points.header;
  const half = pointSize(targets.length, side) * theme.weight;
  const [low, high] = valueScale(range);
  // Test points first: what the network learns from lies on top.
  for (const pass of withTest ? [TEST, 0] : [0]) {
    for (let index = 0; index < targets.length; index += 1) {
      const own = role?.[index] === TEST ? TEST : 0;
      if (own !== pass) continue;
      const x = ((places[2 * index] - extent[0]) / (extent[1] - extent[0])) * side;
      const y = side - ((places[2 * index + 1] - extent[2]) / (extent[3] - extent[2])) * side;
      if (!(x >= -half && x <= side + half && y >= -half && y <= side + half)) continue;
      const target = targets[index];
      if (task === "regression") {
        const shade = Math.round(255 * Math.max(0, Math.min(1, (target - low) / (high - low))));
        paintValue(context, x, y, half, theme.signed.css[shade], pass === TEST, theme);
      } else {
        paintPoint(context, x, y, half, target, theme.classes[target % theme.classes.length], pass === TEST, theme);
      }
    }
  }
}

/**
 * The ends of a regression's colours, as the server has them: as far from 0 on both sides where the targets have
 * both signs, else the targets' own range.
 * @param {number[]} range of the targets
 */
export function valueScale([low, high]) {
  if (low <= 0 && high >= 0) {
    const reach = Math.max(-low, high) || 1;
    return [-reach, reach];
  }
  return low < high ? [low, high] : [low - 1, high + 1];
}

/**
 * Smaller when there are many, and on small planes.
 * @param {number} count
 * @param {number} side
 */
export function pointSize(count, side) {
  const crowd = count > 1200 ? 0.65 : count > 600 ? 0.8 : 1;
  return Math.max(1.8, Math.min(4.4, side * 0.0105)) * crowd;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} half
 * @param {number} kind which shape
 * @param {string} color
 * @param {boolean} hollow
 * @param {Theme} theme
 */
export function paintPoint(context, x, y, half, kind, color, hollow, theme) {
  context.beginPath();
  shape(context, x, y, half, kind);
  if (hollow) {
    context.fillStyle = theme.pointEdge;
    context.strokeStyle = color;
    context.lineWidth = Math.max(1.1, half * 0.42);
  } else {
    context.fillStyle = color;
    context.strokeStyle = theme.pointEdge;
    context.lineWidth = Math.max(0.7, half * 0.24);
  }
  context.fill();
  context.stroke();
}

/**
 * A point with a value: its colour may be as pale as the plane, so its outline is ink; hollow has a hole.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} half
 * @param {string} color
 * @param {boolean} hollow
 * @param {Theme} theme
 */
function paintValue(context, x, y, half, color, hollow, theme) {
  context.beginPath();
  context.arc(x, y, half, 0, 2 * Math.PI);
  context.fillStyle = color;
  context.strokeStyle = theme.ink;
  context.lineWidth = Math.max(0.8, half * 0.26);
  context.fill();
  context.stroke();
  if (!hollow) return;
  context.beginPath();
  context.arc(x, y, half * 0.46, 0, 2 * Math.PI);
  context.fillStyle = theme.pointEdge;
  context.fill();
}

/**
 * Square, circle, triangle, diamond, triangle down, then again. Areas about equal.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} half
 * @param {number} kind
 */
export function shape(context, x, y, half, kind) {
  switch (kind % 5) {
    case 0:
      context.rect(x - half * 0.88, y - half * 0.88, half * 1.76, half * 1.76);
      return;
    case 1:
      context.arc(x, y, half, 0, 2 * Math.PI);
      return;
    case 2:
    case 4: {
      const up = kind % 5 === 2 ? 1 : -1;
      context.moveTo(x, y - up * half * 1.25);
      context.lineTo(x + half * 1.15, y + up * half * 0.8);
      context.lineTo(x - half * 1.15, y + up * half * 0.8);
      context.closePath();
      return;
    }
    default:
      context.moveTo(x, y - half * 1.28);
      context.lineTo(x + half * 1.28, y);
      context.lineTo(x, y + half * 1.28);
      context.lineTo(x - half * 1.28, y);
      context.closePath();
  }
}
