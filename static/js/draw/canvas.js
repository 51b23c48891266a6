/** A canvas that fills its element at the screen's own resolution, and the strokes that views share. */

import { create } from "./dom.js";
import { runs } from "./format.js";

/**
 * @typedef {object} Panel
 * @property {HTMLCanvasElement} canvas
 * @property {CanvasRenderingContext2D} context scaled to CSS px
 * @property {number} width CSS px, 0 while hidden
 * @property {number} height
 * @property {number} ratio device px per CSS px
 * @property {() => void} draw draw again, if there is room and something to draw
 */

/** One observer for all panels; an element that is taken out of the page is forgotten with its entry. */
/** @type {WeakMap<Element, () => void>} */
const resized = new WeakMap();
/** @type {ResizeObserver | null} */
let observer = null;

/**
 * @param {Element} element
 * @param {() => void} action
 */
export function onResize(element, action) {
  observer ??= new ResizeObserver((entries) => {
    for (const entry of entries) resized.get(entry.target)?.();
  });
  resized.set(element, action);
  observer.observe(element);
}

/** Every panel as it stands, also before anything has come to draw: in the colours of another mode. */
export function drawAnew() {
  for (const canvas of document.querySelectorAll("canvas")) resized.get(canvas)?.();
}

/** How each panel's canvas is painted on another context. @type {WeakMap<HTMLCanvasElement, (other: CanvasRenderingContext2D) => void>} */
const painters = new WeakMap();
/** Images within a picture that is taken away are as fine as print wants them. */
const PRINT = 3;

/** Paint what a panel's canvas shows on `other` too; false where it is no panel's. @param {HTMLCanvasElement} canvas @param {CanvasRenderingContext2D} other */
export function paintOn(canvas, other) {
  const paint = painters.get(canvas);
  paint?.(other);
  return paint !== undefined;
}

/**
 * @param {HTMLElement} element
 * @param {(panel: Panel) => void} paint paints everything, on a cleared canvas
 * @param {Record<string, string>} [attributes]
 * @returns {Panel}
 */
export function panel(element, paint, attributes = {}) {
  const canvas = create("canvas", { role: "img", ...attributes });
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser gives no 2d canvas");
  element.append(canvas);
  /** @type {Panel} */
  const self = {
    canvas,
    context,
    width: 0,
    height: 0,
    ratio: 1,
    draw() {
      fit();
      if (self.width < 8 || self.height < 8) return;
      context.setTransform(self.ratio, 0, 0, self.ratio, 0, 0);
      context.clearRect(0, 0, self.width, self.height);
      paint(self);
    },
  };
  painters.set(canvas, (other) => {
    const { ratio } = self;
    Object.assign(self, { context: other, ratio: PRINT });
    try {
      paint(self);
    } finally {
      Object.assign(self, { context, ratio });
      self.draw();
    }
  });
  /** Layout is asked for only after a resize: `clientWidth` in every draw would force it each time. */
  let stale = true;
  function fit() {
    const ratio = window.devicePixelRatio || 1;
    if (!stale && ratio === self.ratio) return;
    stale = false;
    self.ratio = ratio;
    self.width = canvas.clientWidth;
    self.height = canvas.clientHeight;
    const wide = Math.round(self.width * ratio);
    const high = Math.round(self.height * ratio);
    if (canvas.width !== wide) canvas.width = wide;
    if (canvas.height !== high) canvas.height = high;
  }
  onResize(canvas, () => {
    stale = true;
    self.draw();
  });
  return self;
}

/**
 * A canvas off the page, of the size asked for; only grows, so that resizing does not allocate each time.
 * @returns {{context: CanvasRenderingContext2D, image: (width: number, height: number) => {image: ImageData, pixels: Uint32Array}}}
 */
export function sheet() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser gives no 2d canvas");
  /** @type {ImageData | null} */
  let image = null;
  let pixels = new Uint32Array(0);
  return {
    context,
    image(width, height) {
      if (image === null || image.width !== width || image.height !== height) {
        canvas.width = width;
        canvas.height = height;
        image = context.createImageData(width, height);
        pixels = new Uint32Array(image.data.buffer);
      }
      return { image, pixels };
    },
  };
}

/**
 * Text cut to `room` with an ellipsis.
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} room
 */
export function fitted(context, text, room) {
  if (context.measureText(text).width <= room) return text;
  let length = text.length - 1;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > room) length -= 1;
  return `${text.slice(0, length)}…`;
}

/**
 * 10 with a raised exponent, anchored like any text by the context's `textAlign`.
 * The superscript digits of Unicode are missing from the page's face, so they are set small.
 * @param {CanvasRenderingContext2D} context
 * @param {number} exponent
 * @param {number} x
 * @param {number} y
 * @param {(size: number) => string} font
 * @param {number} size
 */
export function drawPower(context, exponent, x, y, font, size) {
  context.font = font(size);
  if (exponent === 0) {
    context.fillText("1", x, y);
    return;
  }
  const raised = String(exponent).replace("-", "\u2212");
  const base = context.measureText("10").width;
  context.font = font(size * 0.74);
  const small = context.measureText(raised).width;
  const align = context.textAlign;
  const shift = align === "center" ? (base + small) / 2 : 0;
  const left = align === "right" || align === "end" ? x - base - small : x - shift;
  context.textAlign = "left";
  context.fillText(raised, left + base, y - size * 0.36);
  context.font = font(size);
  context.fillText("10", left, y);
  context.textAlign = align;
}

/**
 * A feature's name with its index below the line; returns the width, draws unless `measure` is set.
 * @param {CanvasRenderingContext2D} context
 * @param {string} name
 * @param {number} x right end
 * @param {number} y
 * @param {(size: number) => string} font
 * @param {number} size
 * @param {boolean} [measure]
 */
export function drawFeatureName(context, name, x, y, font, size, measure = false) {
  let width = 0;
  const parts = runs(name);
  for (const part of [...parts].reverse()) {
    context.font = font(part.low ? size * 0.76 : size);
    const own = context.measureText(part.text).width;
    if (!measure) context.fillText(part.text, x - width, y + (part.low ? size * 0.24 : 0));
    width += own;
  }
  return width;
}

/**
 * One quiet sentence in the middle of an empty panel.
 * @param {Panel} panel
 * @param {string} text
 * @param {{muted: string, font: (size: number) => string}} style
 */
export function drawNote({ context, width, height }, text, style) {
  context.font = style.font(13);
  context.fillStyle = style.muted;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const words = text.split(" ");
  /** @type {string[]} */
  const lines = [""];
  for (const word of words) {
    const last = lines[lines.length - 1];
    const joined = last === "" ? word : `${last} ${word}`;
    if (last !== "" && context.measureText(joined).width > width - 24) lines.push(word);
    else lines[lines.length - 1] = joined;
  }
  const pitch = 18;
  lines.forEach((line, index) => {
    context.fillText(line, width / 2, height / 2 + (index - (lines.length - 1) / 2) * pitch);
  });
}

/**
 * A canvas's text alternative, at most once a second: it is read on demand, not announced.
 * @param {HTMLElement} element
 */
export function describer(element) {
  // A picture bears a name from the first moment, also while it is off-screen.
  if (!element.hasAttribute("aria-label")) element.setAttribute("aria-label", "Picture, not drawn yet");
  let last = 0;
  let said = "";
  let waiting = 0;
  let newest = () => "";
  function say() {
    waiting = 0;
    last = performance.now();
    const text = newest();
    if (text === said) return;
    said = text;
    element.setAttribute("aria-label", text);
  }
  /** @param {() => string} words */
  return (words) => {
    newest = words;
    const wait = last + 1000 - performance.now();
    if (said === "" || wait <= 0) say();
    // At rest no other draw comes: the last one is described too.
    else waiting ||= window.setTimeout(say, wait);
  };
}
