// A picture of any panel, as SVG or PNG: charts as Plotly gives them, what is painted by painting it once more.

import { chartImage } from "../draw/chart.js";
import { paintOn } from "../draw/canvas.js";
import { create } from "../draw/dom.js";
import { svgOf, VectorContext } from "../draw/vector.js";
import { button, complaint, dialog, download, words } from "./dialog.js";

/** @typedef {{name: string, title: string, element: HTMLElement}} Pictured */

/** @param {Pictured[]} panels */
export function picturesDialog(panels) {
  const list = create("div", { class: "picture-list" });
  const error = complaint();
  const element = dialog("Save a picture", [list, error.element]);

  /** @param {Pictured} panel @param {"svg" | "png"} format */
  async function save({ name, element: panel }, format) {
    error.say("");
    try {
      const chart = /** @type {HTMLElement | null} */ (panel.querySelector(".js-plotly-plot"));
      download(chart ? await chartImage(chart, format) : await (format === "svg" ? canvasDrawing(panel, name) : canvasImage(panel)), `${name}.${format}`);
    } catch (problem) {
      error.say(words(problem));
    }
  }

  return () => {
    error.say("");
    list.replaceChildren(...panels.filter(({ element: panel }) => panel.clientHeight > 0).map((panel) => {
      const formats = /** @type {const} */ (["svg", "png"]);
      return create("div", { class: "picture-row" }, create("span", {}, panel.title), ...formats.map((format) => {
        const give = button(format.toUpperCase(), () => void save(panel, format));
        give.setAttribute("aria-label", `${panel.title} as ${format.toUpperCase()}`);
        return give;
      }));
    }));
    element.showModal();
  };
}

/** The canvases of a panel and where they lie in it. @param {HTMLElement} panel */
function layersOf(panel) {
  const sources = [...panel.querySelectorAll("canvas")].filter((canvas) => canvas.width > 0 && canvas.clientWidth > 0);
  if (sources.length === 0) throw new Error("there is nothing drawn in it yet");
  const boxes = sources.map((canvas) => canvas.getBoundingClientRect());
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  return {
    width: Math.max(...boxes.map((box) => box.right)) - left,
    height: Math.max(...boxes.map((box) => box.bottom)) - top,
    layers: sources.map((canvas, index) => ({ canvas, x: boxes[index].left - left, y: boxes[index].top - top, width: boxes[index].width, height: boxes[index].height })),
    ground: getComputedStyle(document.documentElement).getPropertyValue("--panel").trim() || "white",
  };
}

/** Letters and lines stay what they are; what is a picture of its own is an image within. @param {HTMLElement} panel @param {string} name */
function canvasDrawing(panel, name) {
  const { width, height, layers, ground } = layersOf(panel);
  const parts = layers.map(({ canvas, x, y, width: wide, height: high }, index) => {
    const vector = new VectorContext(`${name}-${index}-`);
    if (!paintOn(canvas, /** @type {any} */ (vector))) vector.drawImage(canvas, 0, 0, wide, high);
    return { group: vector.group, x, y };
  });
  return new Blob([svgOf(width, height, ground, parts)], { type: "image/svg+xml" });
}

/** All canvases of a panel as they lie over each other, on its background. @param {HTMLElement} panel @returns {Promise<Blob>} */
function canvasImage(panel) {
  const { width, height, layers, ground } = layersOf(panel);
  const ratio = layers[0].canvas.width / layers[0].canvas.clientWidth;
  const whole = create("canvas", {});
  whole.width = Math.round(width * ratio);
  whole.height = Math.round(height * ratio);
  const context = whole.getContext("2d");
  if (!context) throw new Error("this browser gives no 2d canvas");
  context.fillStyle = ground;
  context.fillRect(0, 0, whole.width, whole.height);
  for (const { canvas, x, y, width: wide, height: high } of layers) context.drawImage(canvas, x * ratio, y * ratio, wide * ratio, high * ratio);
  return new Promise((resolve, reject) => whole.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("this browser makes no picture"))), "image/png"));
}
