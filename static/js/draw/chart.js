/** The only file that calls Plotly: loaded once there is something to draw, drawn whole, purged when it goes. */

import { onResize } from "./canvas.js";

const SOURCE = "/static/vendor/plotly-cartesian.min.js";

/** @typedef {Record<string, unknown>} Figure a trace or a layout */
/**
 * @typedef {object} PlotlyApi
 * @property {(element: HTMLElement, traces: Figure[], layout: Figure, config: Figure) => Promise<unknown>} react
 * @property {(element: HTMLElement) => void} purge
 * @property {(figure: {data: unknown, layout: Figure}, options: Figure) => Promise<string>} toImage
 */

const PATIENCE_MS = 1000;

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
    // Half a second of parsing: the first pictures and whoever clicks at once go first.
    if (typeof requestIdleCallback === "function") requestIdleCallback(begin, { timeout: PATIENCE_MS });
    else setTimeout(begin, PATIENCE_MS);
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
  let asked = false;
  function draw() {
    const width = element.clientWidth;
    const height = element.clientHeight;
    if (gone || width < 40 || height < 40) return;
    const wanted = figure(width, height);
    if (wanted === null) return;
    if (plotly === null) {
      fetch();
      return;
    }
    void plotly.react(element, wanted.traces, { ...wanted.layout, width, height, autosize: false }, CONFIG);
  }
  function fetch() {
    if (asked) return;
    asked = true;
    load().then((found) => {
      plotly = found;
      draw();
    }, (error) => failed(error instanceof Error ? error.message : String(error)));
  }
  onResize(element, draw);
  return {
    draw,
    purge() {
      gone = true;
      plotly?.purge(element);
    },
  };
}

/**
 * A chart that stands in `element`, as a picture of the size it has there, with what `meta.printed` of its layout adds.
 * @param {HTMLElement} element
 * @param {"svg" | "png"} format
 * @returns {Promise<Blob>}
 */
export async function chartImage(element, format) {
  const plotly = await load();
  const size = { width: element.clientWidth, height: element.clientHeight };
  // Twice as fine as the screen: it may be printed.
  const { data, layout } = /** @type {any} */ (element);
  // On the page a chart has no ground of its own; light letters on a white sheet could not be read.
  const ground = getComputedStyle(element).getPropertyValue("--panel").trim();
  const annotations = [...(layout.annotations ?? []), ...(layout.meta?.printed ?? [])];
  const figure = { data, layout: { ...layout, annotations, paper_bgcolor: ground } };
  const address = await plotly.toImage(figure, { format, ...size, scale: format === "png" ? 2 : 1 });
  const [head, body] = [address.slice(0, address.indexOf(",")), address.slice(address.indexOf(",") + 1)];
  const bytes = head.endsWith("base64") ? Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0)) : new TextEncoder().encode(decodeURIComponent(body));
  return new Blob([bytes], { type: format === "svg" ? "image/svg+xml" : "image/png" });
}

/** @type {Figure} */
const CONFIG = { displayModeBar: false, responsive: false, doubleClick: "reset", showTips: false };
