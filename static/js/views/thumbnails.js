/** Little pictures on the buttons: what a data set looks like, what a feature sees of the plane. */

import { paintPoint } from "../draw/points.js";
import { datasetSketch, FEATURE_MAPS } from "../draw/sketches.js";
import { theme } from "../draw/theme.js";

/** @typedef {import("../draw/theme.js").Theme} Theme */
/** @typedef {import("../draw/sketches.js").Sketch} Sketch */

/** @typedef {{width: number, height: number}} Box CSS px, as it was before the first of several is drawn: a canvas that gets its pixels makes the page's layout stale */

const MAP = 24;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Box} box
 * @returns {{context: CanvasRenderingContext2D, width: number, height: number} | null}
 */
function prepared(canvas, box) {
  const ratio = window.devicePixelRatio || 1;
  const width = box.width || Number(canvas.getAttribute("width")) || 56;
  const height = box.height || Number(canvas.getAttribute("height")) || width;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context === null ? null : { context, width, height };
}

/**
 * @param {HTMLCanvasElement} canvas sized by its CSS box
 * @param {string} name
 * @param {Box} box
 */
export function drawDataset(canvas, name, box) {
  const place = prepared(canvas, box);
  if (place === null) return;
  const { context, width, height } = place;
  const look = theme();
  const sketch = datasetSketch(name);
  if (sketch.kind === "table") paintTable(context, width, height, look);
  else if (sketch.kind === "pixels") paintPixels(context, sketch.rows ?? [], width, height, look);
  else paintCloud(context, sketch, width, height, look);
}

/**
 * @param {HTMLCanvasElement} canvas sized by its CSS box
 * @param {string} name
 * @param {Box} box
 */
export function drawFeature(canvas, name, box) {
  const place = prepared(canvas, box);
  const value = FEATURE_MAPS[name];
  if (place === null || value === undefined) return;
  const { context, width, height } = place;
  const look = theme();
  const image = context.createImageData(MAP, MAP);
  const pixels = new Uint32Array(image.data.buffer);
  for (let row = 0; row < MAP; row += 1) {
    for (let column = 0; column < MAP; column += 1) {
      const x1 = (2 * column) / (MAP - 1) - 1;
      const x2 = 1 - (2 * row) / (MAP - 1);
      pixels[row * MAP + column] = look.signed.pixels[Math.round(127.5 + 127.5 * value(x1, x2))];
    }
  }
  const sheet = document.createElement("canvas");
  sheet.width = MAP;
  sheet.height = MAP;
  sheet.getContext("2d")?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(sheet, 0.5, 0.5, MAP - 1, MAP - 1, 0, 0, width, height);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Sketch} sketch
 * @param {number} width
 * @param {number} height
 * @param {Theme} look
 */
function paintCloud(context, { kind, x = [], y = [], c = [] }, width, height, look) {
  const side = Math.min(width, height);
  const half = Math.max(1.1, side * 0.034);
  context.lineWidth = 0.5;
  x.forEach((across, index) => {
    const left = width / 2 + across * side * 0.46;
    const top = height / 2 - y[index] * side * 0.46;
    if (kind === "points") {
      const kindOf = c[index];
      // Too small for an outline: the shape in one colour.
      paintPoint(context, left, top, half, kindOf, look.classes[kindOf], false, { ...look, pointEdge: look.classes[kindOf] });
      return;
    }
    context.beginPath();
    context.arc(left, top, half * 1.15, 0, 2 * Math.PI);
    // Pale values stay visible: the ramp starts a little off its middle.
    const value = c[index] < 0 ? c[index] * 0.8 - 0.2 : c[index] * 0.8 + 0.2;
    context.fillStyle = look.signed.css[Math.round(127.5 + 127.5 * Math.max(-1, Math.min(1, value)))];
    context.fill();
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string[]} rows
 * @param {number} width
 * @param {number} height
 * @param {Theme} look
 */
function paintPixels(context, rows, width, height, look) {
  const cell = (Math.min(width, height) * 0.78) / rows.length;
  const left = (width - cell * rows.length) / 2;
  const top = (height - cell * rows.length) / 2;
  context.fillStyle = look.ink;
  rows.forEach((row, down) => {
    [...row].forEach((digit, across) => {
      context.globalAlpha = Number(digit) / 9;
      context.fillRect(left + across * cell, top + down * cell, cell + 0.3, cell + 0.3);
    });
  });
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 * @param {Theme} look
 */
function paintTable(context, width, height, look) {
  const wide = Math.min(width, height) * 0.68;
  const high = wide * 0.78;
  const left = (width - wide) / 2;
  const top = (height - high) / 2;
  context.fillStyle = look.line;
  context.fillRect(left, top, wide, high / 4);
  context.strokeStyle = look.muted;
  context.lineWidth = 1.2;
  context.beginPath();
  context.roundRect(left, top, wide, high, 2);
  for (const share of [0.25, 0.5, 0.75]) {
    context.moveTo(left, top + high * share);
    context.lineTo(left + wide, top + high * share);
  }
  for (const share of [1 / 3, 2 / 3]) {
    context.moveTo(left + wide * share, top);
    context.lineTo(left + wide * share, top + high);
  }
  context.stroke();
}
