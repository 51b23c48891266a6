/** Training loss of every run side by side over the steps, on one logarithmic axis, each line named at its end. */

import { describer, drawNote, fitted, panel } from "../draw/canvas.js";
import { apart, colorOf, paintMark, runsIn, strokeOf, valueAtStep } from "../draw/compared.js";
import { compact, plain, precise, thousands } from "../draw/format.js";
import { rowsIn } from "../draw/rows.js";
import { logTicks, lossRange } from "../draw/scale.js";
import { theme } from "../draw/theme.js";
import { tooltip } from "../draw/tooltip.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {import("../draw/theme.js").Theme} Theme */
/** @typedef {import("../draw/compared.js").Run} Run */
/** @typedef {{low: number, high: number, first: number, last: number, left: number, right: number, top: number, bottom: number}} Plot */

/** @param {HTMLElement} element */
export function mount(element) {
  element.classList.add("view", "view-compared-loss");
  /** @type {Slice} */
  let slice = {};
  /** @type {Plot | null} */
  let plot = null;
  const view = panel(element, paint);
  const describe = describer(view.canvas);
  const tip = tooltip(element);

  /** @param {import("../draw/canvas.js").Panel} panel */
  function paint({ context, width, height }) {
    const look = theme();
    const runs = runsIn(slice);
    plot = null;
    if (runs.length === 0) {
      drawNote(view, "", look);
      return;
    }
    const { low, high } = boundedRange(runs);
    const rows = rowsIn(1, height, look.type);
    const last = Math.max(1, ...runs.map(({ steps }) => steps[steps.length - 1] ?? 0));
    plot = { low, high, first: 0, last, left: 46 * look.type, right: width - Math.min(190 * look.type, width * 0.36), top: rows.top, bottom: rows.bottom };
    paintAxes(context, plot, look);
    for (const run of [...runs].reverse()) paintLine(context, run, plot, look);
    paintNames(context, runs, plot, width, look);
    describe(() => `Training loss over ${thousands(last)} steps, log scale, ${runs.length} runs: ${runs.map(({ number, told }) => `${number} ${told.label} ${compact(told.training_loss)}${told.diverged ? `, diverged at step ${told.diverged.step}` : ""}`).join("; ")}.`);
  }

  view.canvas.addEventListener("pointermove", (event) => {
    if (!plot || event.offsetX < plot.left || event.offsetX > plot.right) {
      tip.hide();
      return;
    }
    const step = Math.round(plot.first + ((event.offsetX - plot.left) / (plot.right - plot.left)) * (plot.last - plot.first));
    tip.show(event.offsetX, event.offsetY, [`Training loss, step ${thousands(step)}`, ...runsIn(slice).map(({ number, steps, losses, told }) => `${number}  ${precise(valueAtStep(steps, losses, step))}  ${told.label}`)]);
  });
  view.canvas.addEventListener("pointerleave", tip.hide);

  return (/** @type {Slice} */ next) => {
    slice = next;
    view.draw();
  };
}

/** Up to a hundred times what they began with: one run that explodes must not flatten the others. @param {Run[]} runs */
function boundedRange(runs) {
  const ceiling = 100 * Math.max(1e-30, ...runs.map(({ losses }) => (losses[0] > 0 && Number.isFinite(losses[0]) ? losses[0] : 0)));
  return lossRange(runs.map(({ losses }) => losses.map((loss) => Math.min(loss, ceiling))));
}

/** @param {Plot} plot @param {number} step */
const placeX = ({ first, last, left, right }, step) => left + ((step - first) / (last - first)) * (right - left);
/** @param {Plot} plot @param {number} loss */
const placeY = ({ low, high, top, bottom }, loss) => bottom - ((Math.log10(loss) - low) / (high - low)) * (bottom - top);

/** @param {CanvasRenderingContext2D} context @param {Plot} plot @param {Theme} look */
function paintAxes(context, plot, look) {
  const { low, high, left, right, top, bottom, first, last } = plot;
  context.strokeStyle = look.line;
  context.lineWidth = look.weight;
  context.fillStyle = look.muted;
  context.font = look.font(11.5, { mono: true });
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const value of logTicks(low, high, Math.max(2, Math.floor((bottom - top) / (30 * look.type))))) {
    const y = Math.round(placeY(plot, value)) + 0.5;
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(right, y);
    context.stroke();
    context.fillText(plain(value), left - 6, y);
  }
  context.textBaseline = "top";
  context.textAlign = "left";
  context.fillText(thousands(first), left, bottom + 7);
  context.textAlign = "right";
  context.fillText(thousands(last), right, bottom + 7);
  context.textAlign = "center";
  context.font = look.font(11.5);
  context.fillText("training step", (left + right) / 2, bottom + 7);
}

/** @param {CanvasRenderingContext2D} context @param {Run} run @param {Plot} plot @param {Theme} look */
function paintLine(context, { number, steps, losses }, plot, look) {
  strokeOf(context, number, look);
  context.save();
  context.beginPath();
  context.rect(plot.left, plot.top - 2, plot.right - plot.left + 4, plot.bottom - plot.top + 4);
  context.clip();
  context.beginPath();
  let pen = false;
  for (let index = 0; index < steps.length; index += 1) {
    const loss = losses[index];
    if (!(loss > 0)) {
      pen = false;
      continue;
    }
    const [x, y] = [placeX(plot, steps[index]), placeY(plot, Math.min(loss, 10 ** plot.high))];
    if (pen) context.lineTo(x, y);
    else context.moveTo(x, y);
    pen = true;
  }
  context.lineJoin = "round";
  context.stroke();
  context.restore();
  context.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} context @param {Run[]} runs @param {Plot} plot @param {number} width @param {Theme} look */
function paintNames(context, runs, plot, width, look) {
  const ends = runs.map(({ steps, losses, told }) => {
    const loss = losses[losses.length - 1];
    const y = loss > 0 && !told.diverged ? placeY(plot, loss) : plot.top;
    return { x: placeX(plot, steps[steps.length - 1] ?? 0), y: Math.min(plot.bottom, Math.max(plot.top, y)) };
  });
  const heights = apart(ends.map(({ y }) => y), 16 * look.type, plot.top + 4 * look.type, plot.bottom - 4 * look.type);
  context.textAlign = "left";
  context.textBaseline = "middle";
  const left = plot.right + 8 * look.type;
  runs.forEach(({ number, told }, index) => {
    context.fillStyle = colorOf(number, look);
    paintMark(context, number, ends[index].x, ends[index].y, 3.6 * look.type);
    context.font = look.font(12, { bold: true });
    const text = `${number} ${told.diverged ? `✕ step ${thousands(told.diverged.step)}: ` : ""}${told.label}`;
    context.fillText(fitted(context, text, width - left), left, heights[index]);
  });
}
