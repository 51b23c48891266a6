// A picture of any panel: charts as SVG or PNG, what is painted as PNG.

import { chartImage, holdsChart } from "../draw/chart.js";
import { create } from "../draw/dom.js";
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
      download(chart ? await chartImage(chart, format) : await canvasImage(panel), `${name}.${format}`);
    } catch (problem) {
      error.say(words(problem));
    }
  }

  return () => {
    error.say("");
    list.replaceChildren(...panels.filter(({ element: panel }) => panel.clientHeight > 0).map((panel) => {
      const chart = panel.element.querySelector(".js-plotly-plot");
      const hasChart = chart instanceof HTMLElement && holdsChart(chart);
      const formats = /** @type {("svg" | "png")[]} */ (hasChart ? ["svg", "png"] : ["png"]);
      return create("div", { class: "picture-row" }, create("span", {}, panel.title), ...formats.map((format) => {
        const give = button(format.toUpperCase(), () => void save(panel, format));
        give.setAttribute("aria-label", `${panel.title} as ${format.toUpperCase()}`);
        return give;
      }));
    }));
    element.showModal();
  };
}

/** All canvases of a panel as they lie over each other, on its background. @param {HTMLElement} panel @returns {Promise<Blob>} */
function canvasImage(panel) {
  const sources = [...panel.querySelectorAll("canvas")].filter((canvas) => canvas.width > 0 && canvas.clientWidth > 0);
  if (sources.length === 0) return Promise.reject(new Error("there is nothing drawn in it yet"));
  const boxes = sources.map((canvas) => canvas.getBoundingClientRect());
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  const ratio = sources[0].width / sources[0].clientWidth;
  const whole = create("canvas", {});
  whole.width = Math.round((Math.max(...boxes.map((box) => box.right)) - left) * ratio);
  whole.height = Math.round((Math.max(...boxes.map((box) => box.bottom)) - top) * ratio);
  const context = whole.getContext("2d");
  if (!context) return Promise.reject(new Error("this browser gives no 2d canvas"));
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--panel").trim() || "white";
  context.fillRect(0, 0, whole.width, whole.height);
  sources.forEach((canvas, index) => {
    const box = boxes[index];
    context.drawImage(canvas, (box.left - left) * ratio, (box.top - top) * ratio, box.width * ratio, box.height * ratio);
  });
  return new Promise((resolve, reject) => whole.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("this browser makes no picture"))), "image/png"));
}
