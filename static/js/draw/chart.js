/** The only file that calls Plotly: loaded after the first paint, drawn whole, purged when it goes. */

import { onResize } from "./canvas.js";

const SOURCE = "/static/vendor/plotly-cartesian.min.js";

/** @typedef {Record<string, unknown>} Figure a trace or a layout */
/**
 * @typedef {object} PlotlyApi
 * @property {(element: HTMLElement, traces: Figure[], layout: Figure, config: Figure) => Promise<unknown>} react
 * @property {(element: HTMLElement) => void} purge
 */

/** @type {Promise<PlotlyApi> | null} */
let loading = null;

/** @returns {Promise<PlotlyApi>} */
function load() {
  loading ??= new Promise((resolve, reject) => {
    const begin = () => {
      const script = document.createElement("script");
      script.src = SOURCE;
      script.async = true;
      script.onload = () => {
        const found = /** @type {{Plotly?: PlotlyApi}} */ (/** @type {unknown} */ (window)).Plotly;
        if (found) resolve(found);
        else reject(new Error("the chart library did not come up"));
      };
      script.onerror = () => reject(new Error(`could not load ${SOURCE}`));
      document.head.append(script);
    };
    // Half a second of parsing: the first picture of the network goes first.
    requestAnimationFrame(() => setTimeout(begin, 60));
  });
  return loading;
}

/**
 * A chart in `element`. `figure` is asked for when there is something to draw on, with the size in CSS px.
 * @param {HTMLElement} element
 * @param {(width: number, height: number) => {traces: Figure[], layout: Figure} | null} figure
 * @param {(message: string) => void} failed
 * @returns {{draw: () => void, purge: () => void}}
 */
export function chart(element, figure, failed) {
  /** @type {PlotlyApi | null} */
  let plotly = null;
  let gone = false;
  function draw() {
    const width = element.clientWidth;
    const height = element.clientHeight;
    if (plotly === null || gone || width < 40 || height < 40) return;
    const wanted = figure(width, height);
    if (wanted === null) return;
    void plotly.react(element, wanted.traces, { ...wanted.layout, width, height, autosize: false }, CONFIG);
  }
  load().then((found) => {
    plotly = found;
    draw();
  }, (error) => failed(error instanceof Error ? error.message : String(error)));
  onResize(element, draw);
  return {
    draw,
    purge() {
      gone = true;
      plotly?.purge(element);
    },
  };
}

/** @type {Figure} */
const CONFIG = { displayModeBar: false, responsive: false, doubleClick: "reset", showTips: false };
