/** A cross that arrow keys move over a picture, and the sentence that is read out where it comes to stand. */

import { create, setText } from "./dom.js";

/** @typedef {{across: number, down: number}} Place shares of the picture, 0…1 */

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** With Shift. */
const LEAP = 5;

/**
 * @param {HTMLCanvasElement} canvas which takes the focus
 * @param {{cells: () => number, words: (place: Place) => string[] | null, redraw: () => void}} picture `cells` along a side
 */
export function readingCursor(canvas, { cells, words, redraw }) {
  const spoken = create("p", { class: "spoken", role: "status" });
  canvas.after(spoken);
  /** @type {{column: number, row: number} | null} */
  let at = null;

  /** @returns {Place | null} */
  function place() {
    const size = cells();
    if (at === null || size < 1) return null;
    return { across: (Math.min(at.column, size - 1) + 0.5) / size, down: (Math.min(at.row, size - 1) + 0.5) / size };
  }

  canvas.addEventListener("keydown", (event) => {
    const size = cells();
    const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (size < 1 || event.ctrlKey || event.metaKey || event.altKey || (!step && !["Home", "Escape"].includes(event.key))) return;
    if (event.key === "Escape" && at === null) return;
    event.preventDefault();
    const middle = Math.floor(size / 2);
    if (event.key === "Escape") at = null;
    else if (event.key === "Home" || at === null) at = { column: middle, row: middle };
    if (step && at !== null) {
      const far = event.shiftKey ? LEAP : 1;
      const within = (/** @type {number} */ cell) => Math.min(size - 1, Math.max(0, cell));
      at = { column: within(at.column + far * step[0]), row: within(at.row + far * step[1]) };
    }
    const now = place();
    setText(spoken, now === null ? "" : words(now)?.join(", ") ?? "");
    redraw();
  });
  canvas.addEventListener("blur", () => {
    if (at === null) return;
    at = null;
    redraw();
  });

  return { place };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{left: number, top: number, side: number}} square
 * @param {Place} place
 * @param {import("./theme.js").Theme} look
 */
export function paintCross(context, { left, top, side }, { across, down }, look) {
  const [x, y] = [left + across * side, top + down * side];
  for (const [color, width] of /** @type {[string, number][]} */ ([[look.page, 4], [look.ink, 1.5]])) {
    context.strokeStyle = color;
    context.lineWidth = width * look.weight;
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, y - 6);
    context.moveTo(x, y + 6);
    context.lineTo(x, top + side);
    context.moveTo(left, y);
    context.lineTo(x - 6, y);
    context.moveTo(x + 6, y);
    context.lineTo(left + side, y);
    context.stroke();
    context.beginPath();
    context.arc(x, y, 6, 0, 2 * Math.PI);
    context.stroke();
  }
}
