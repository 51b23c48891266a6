/** Marks without a place on a colour ramp: a hatch for what is not finite, dots for exact zeros. */

/** @typedef {import("./theme.js").Theme} Theme */
/** @typedef {{x: number, y: number, wide: number, high: number}} Box */

/**
 * Diagonal strokes over a box, on the page's ground: not a size, but the lack of one.
 * @param {CanvasRenderingContext2D} context clipped by the caller, if need be
 * @param {Box} box
 * @param {Theme} look
 */
export function paintHatch(context, { x, y, wide, high }, look) {
  context.fillStyle = look.page;
  context.fillRect(x, y, wide, high);
  context.strokeStyle = look.error;
  context.lineWidth = 1.6 * look.weight;
  context.lineCap = "butt";
  context.beginPath();
  for (let shift = -high; shift < wide; shift += 6) {
    context.moveTo(x + shift, y + high);
    context.lineTo(x + shift + high, y);
  }
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context clipped by the caller
 * @param {Box} box
 * @param {Theme} look
 */
export function paintDots(context, { x, y, wide, high }, look) {
  context.fillStyle = look.page;
  context.fillRect(x, y, wide, high);
  context.fillStyle = look.muted;
  const pitch = 6;
  for (let row = 0; row * pitch < high; row += 1) {
    for (let left = row % 2 === 0 ? 2 : 5; left < wide; left += pitch) {
      context.fillRect(x + left, y + row * pitch + 2.5, 1.2, 1.2);
    }
  }
}
