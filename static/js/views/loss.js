/** Loss over the steps: training solid, validation dashed, test dotted, on a logarithmic axis. */

import { bandWords, lossBand } from "../draw/band.js";
import { chart } from "../draw/chart.js";
import { describer } from "../draw/canvas.js";
import { create, setText } from "../draw/dom.js";
import { compact, plain, thousands } from "../draw/format.js";
import { logTicks, lossRange, movedBy } from "../draw/scale.js";
import { theme } from "../draw/theme.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */

/** While training goes on, curves of which nothing moved by more than this are as good as drawn; none is older than five seconds. */
const SEEN_PX = 3;
const OLDEST_MS = 5000;

/** Where a saved picture, which is Plotly's alone, has the words that the page has beside the curves. @type {Record<string, object>} */
const PRINTED = {
  what: { x: 0, y: 1, xanchor: "left", yanchor: "bottom", yshift: 1 },
  first: { x: 0, y: 0, xanchor: "left", yanchor: "top", yshift: -3 },
  unit: { x: 0.5, y: 0, xanchor: "center", yanchor: "top", yshift: -3 },
  now: { x: 1, y: 0, xanchor: "right", yanchor: "top", yshift: -3 },
};

/** @param {HTMLElement} element */
export function mount(element) {
  element.classList.add("view", "view-loss");
  /** @type {Slice} */
  let slice = {};
  const note = create("p", { class: "view-note" });
  const plot = create("div", { class: "view-plot", role: "img", "aria-label": "Loss over the steps: nothing yet." });
  // Words beside the curves are the page's own: Plotly measures each anew and keeps every one it has drawn.
  const words = Object.fromEntries(Object.keys(PRINTED).map((name) => [name, create("span", { class: `view-loss-words view-loss-${name}`, "aria-hidden": "true" })]));
  element.append(plot, ...Object.values(words), note);
  const describe = describer(plot);
  /** @type {{end: number, losses: number[], pxPerDecade: number, generation: number, seeds: number, look: object, at: number} | null} */
  let drawn = null;
  const self = chart(plot, figure, (message) => setText(note, message));

  /**
   * @param {number} width
   * @param {number} height
   */
  function figure(width, height) {
    const steps = slice.arrays?.curve_step;
    const training = slice.arrays?.curve_training_loss;
    if (!steps || !training || steps.length === 0) return null;
    const test = slice.arrays?.curve_test_loss ?? [];
    const validation = slice.arrays?.curve_validation_loss ?? [];
    const look = theme();
    const band = lossBand(slice);
    const { low, high } = lossRange([training, test, validation, ...(band ? [band.low, band.high] : [])]);
    drawn = { end: steps[steps.length - 1], losses: ends(slice), pxPerDecade: height / (high - low), ...state(slice, look) };
    const font = { family: look.sans, size: 11 * look.type, color: look.muted };
    const first = steps[0];
    const last = Math.max(first + 1, steps[steps.length - 1]);
    const values = logTicks(low, high, Math.max(2, Math.floor(height / 34)));
    const line = { color: look.ink, width: 1.6 * look.weight, shape: "linear", simplify: false };
    const hover = "%{y:.3g}<extra></extra>";
    // One point is no line: before the second measurement it is shown as a dot.
    const end = thousands(steps[steps.length - 1]);
    const what = band ? `${width < 220 * look.type ? "" : "log scale; "}10–90 % of ${band.seeds} seeds` : "loss, log scale";
    const said = { what, first: thousands(first), unit: "step", now: end };
    for (const [name, text] of Object.entries(said)) setText(words[name], text);
    element.style.setProperty("--left", `${32 * look.type}px`);
    const mode = steps.length > 1 ? "lines" : "markers";
    const marker = { color: look.ink, size: 7 };
    return {
      traces: [
        ...(band ? bandTraces(band, look) : []),
        { type: "scatter", mode, marker, x: steps, y: training, line, name: "training", hovertemplate: `training ${hover}`, connectgaps: false, cliponaxis: steps.length > 1 },
        { type: "scatter", mode, marker: { ...marker, symbol: "circle-open" }, x: steps, y: test, line: { ...line, dash: "1.5px,2.5px" }, name: "test", hovertemplate: `test ${hover}`, connectgaps: false, cliponaxis: steps.length > 1 },
        ...(validation.length > 0 ? [{ type: "scatter", mode, marker: { ...marker, symbol: "diamond-open" }, x: steps, y: validation, line: { ...line, dash: "6px,3px" }, name: "validation", hovertemplate: `validation ${hover}`, connectgaps: false, cliponaxis: steps.length > 1 }] : []),
      ],
      layout: {
        margin: { l: 32 * look.type, r: 6, t: 18 * look.type, b: 20 * look.type, pad: 0 },
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        showlegend: false,
        font,
        separators: ".\u2009",
        uirevision: String(slice.header?.generation ?? 0),
        dragmode: false,
        hovermode: "x unified",
        hoverlabel: { bgcolor: look.panel, bordercolor: look.line, font: { ...font, color: look.ink } },
        xaxis: {
          range: steps.length > 1 ? [first, last] : [first - 0.05, last], tickvals: [], showgrid: false, zeroline: false, fixedrange: true, ticks: "", hoverformat: ",d", unifiedhovertitle: { text: "step %{x}" },
          color: look.muted, showspikes: true, spikemode: "across", spikethickness: 1, spikedash: "solid", spikecolor: look.line,
        },
        yaxis: {
          // A tick on the very end of the axis gets neither grid line nor label.
          type: "log", range: [low - 0.03 * (high - low), high + 0.03 * (high - low)], tickvals: values, ticktext: values.map(plain), gridcolor: look.line, gridwidth: 1,
          zeroline: false, fixedrange: true, ticks: "", color: look.muted,
        },
        meta: {
          printed: Object.entries(said).map(([name, text]) => ({ text, ...PRINTED[name], xref: "paper", yref: "paper", showarrow: false, font: { color: look.muted } })),
        },
      },
    };
  }

  /** @param {Slice} next @param {ReturnType<typeof theme>} look */
  const state = (next, look) => ({ generation: next.header?.generation ?? 0, seeds: lossBand(next)?.seeds ?? 0, look, at: performance.now() });

  /** The latest losses. @param {Slice} next */
  const ends = ({ arrays }) => [arrays?.curve_training_loss, arrays?.curve_test_loss, arrays?.curve_validation_loss].map((curve) => curve?.[curve.length - 1] ?? 0);

  /** Would anybody see the difference? @param {Slice} next */
  function isAsDrawn(next) {
    const steps = next.arrays?.curve_step;
    if (drawn === null || !steps?.length || next.header?.run_state !== "running") return false;
    const now = state(next, theme());
    const alike = now.generation === drawn.generation && now.seeds === drawn.seeds && now.look === drawn.look;
    const across_px = movedBy(steps[0], drawn.end, steps[steps.length - 1], plot.clientWidth);
    const { losses, pxPerDecade } = drawn;
    const rest = ends(next).every((loss, index) => loss === losses[index] || Math.abs(Math.log10(loss / losses[index])) * pxPerDecade < SEEN_PX);
    return alike && rest && now.at - drawn.at < OLDEST_MS && across_px >= 0 && across_px < SEEN_PX;
  }

  return (/** @type {Slice} */ next) => {
    slice = next;
    if (isAsDrawn(next)) return;
    const steps = next.arrays?.curve_step;
    setText(note, steps && steps.length > 0 ? "" : "The loss appears with the first step.");
    self.draw();
    describe(() => `Loss over ${thousands(next.header?.step ?? 0)} steps on a logarithmic scale: training now ${compact(next.header?.training_loss)}, test ${compact(next.header?.test_loss)}${next.arrays?.curve_validation_loss ? `, validation ${compact(next.header?.validation_loss)}` : ""}.${bandSentence(next)}`);
  };
}

/** @param {Slice} slice */
function bandSentence(slice) {
  const band = lossBand(slice);
  const end = (band?.steps.length ?? 0) - 1;
  return band ? ` Training loss of ${band.seeds} seeds at step ${thousands(band.steps[end])}: median ${compact(band.median[end])}, ${bandWords(band.seeds)}, from ${compact(band.low[end])} to ${compact(band.high[end])}.` : "";
}

/** Behind the curves: the shaded middle of the seeds, and their median. @param {NonNullable<ReturnType<typeof lossBand>>} band @param {import("../draw/theme.js").Theme} look */
function bandTraces({ steps, low, median, high }, look) {
  const color = look.flow.css[look.dark ? 190 : 165];
  const edge = { type: "scatter", mode: "lines", x: steps, line: { color, width: 0.7 * look.weight }, hoverinfo: "skip", connectgaps: false };
  return [
    { ...edge, y: low },
    { ...edge, y: high, fill: "tonexty", fillcolor: color.replace(/^rgb\((.*)\)$/, "rgba($1, 0.2)") },
    { ...edge, y: median, line: { color, width: 1.6 * look.weight, dash: "5px,3px" }, hoverinfo: "all", name: "median", hovertemplate: "median of seeds %{y:.3g}<extra></extra>" },
  ];
}
