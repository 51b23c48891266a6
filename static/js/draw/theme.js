/** The colours, type and line widths of the mode the page is in, read once a mode from the custom properties. */

import {
  CLASSES, CLASS_PROPERTIES, FLOW, FLOW_PROPERTIES, SIGNED, SIGNED_PROPERTIES, luminance, parseHex, ramp, tint,
} from "./colors.js";

/** @typedef {"light" | "dark" | "projector"} Mode */
/** @typedef {ReturnType<typeof read>} Theme */

/** How much of the signed palette the large surface uses: points must stand out against it. */
const SURFACE_SHARE = 0.53;
const CLASS_SHARE = 0.6;

/** Factors on a canvas's type where it is read from the last row: on a laptop's pixels, and on the more of a large projector. */
const PROJECTED = [1.25, 1.6];
const PRESENTED = [1.4, 1.7];

/** As the style sheets divide. */
const large = typeof matchMedia === "undefined" ? { matches: false } : matchMedia("(min-width: 1700px) and (min-height: 900px)");

/** @type {Theme | null} */
let current = null;

/** @returns {Mode} */
function mode() {
  const name = document.documentElement.dataset.mode;
  return name === "dark" || name === "projector" ? name : "light";
}

/** The theme of now. Cheap to call in every draw. */
export function theme() {
  const now = mode();
  const presenting = document.documentElement.dataset.present !== undefined;
  if (current === null || current.mode !== now || current.presenting !== presenting || current.large !== large.matches) current = read(now, presenting);
  return current;
}

/** @param {Mode} name @param {boolean} presenting to the last row */
function read(name, presenting) {
  const style = getComputedStyle(document.documentElement);
  const tone = name === "dark" ? "dark" : "light";
  /**
   * @param {string} property
   * @param {string} otherwise
   */
  const value = (property, otherwise) => style.getPropertyValue(property).trim() || otherwise;
  /**
   * @param {string[]} properties
   * @param {string[]} otherwise
   */
  const values = (properties, otherwise) => properties.map((property, index) => value(property, otherwise[index]));
  const dark = tone === "dark";
  const signedStops = values(SIGNED_PROPERTIES, SIGNED[tone]);
  const flowStops = values(FLOW_PROPERTIES, FLOW[tone]);
  const classes = values(CLASS_PROPERTIES, CLASSES[tone]);
  const zero = signedStops[3];
  const sans = value("--sans", "sans-serif");
  const mono = value("--mono", "monospace");
  const projector = name === "projector" || presenting;
  const type = presenting ? PRESENTED[Number(large.matches)] : projector ? PROJECTED[Number(large.matches)] : 1;
  return {
    mode: name,
    presenting,
    large: large.matches,
    dark,
    /** Factor on type sizes. */
    type,
    /** Factor on line widths. */
    weight: presenting ? 1.8 : projector ? 1.4 : 1,
    ink: value("--ink", dark ? "#eef2f8" : "#14181f"),
    muted: value("--muted", dark ? "#a6b1c2" : "#4f5866"),
    line: value("--line", dark ? "#2b3445" : "#d8d5ce"),
    page: value("--page", dark ? "#10151e" : "#fbfaf7"),
    panel: value("--panel", dark ? "#151b26" : "#ffffff"),
    sunken: value("--sunken", dark ? "#0c1017" : "#f3f1ec"),
    edge: value("--unit-edge", dark ? "#76839a" : "#8b8f98"),
    pointEdge: value("--point-edge", dark ? "#10151e" : "#ffffff"),
    warning: value("--warning", dark ? "#ffb38a" : "#8f3200"),
    error: value("--error", dark ? "#ff9d9d" : "#a01622"),
    classes,
    negative: signedStops[dark ? 1 : 0],
    positive: signedStops[dark ? 5 : 6],
    signed: ramp(signedStops),
    /** The middle of the signed palette, for the large surface. */
    surface: ramp(signedStops, 0.5 - SURFACE_SHARE / 2, 0.5 + SURFACE_SHARE / 2),
    flow: ramp(flowStops),
    /** How sure of class k, as a ramp from the page's zero. */
    tints: classes.map((color) => tint(zero, color, CLASS_SHARE)),
    /** Which of ink and page is the readable one on each colour of the flow ramp. */
    onFlow: onRamp(flowStops),
    /**
     * A canvas font. `size` is in CSS px before the mode's factor.
     * @param {number} size
     * @param {{bold?: boolean, mono?: boolean}} [style]
     */
    font(size, { bold = false, mono: fixed = false } = {}) {
      return `${bold ? 650 : 400} ${Math.round(size * type * 10) / 10}px ${fixed ? mono : sans}`;
    },
    sans,
    mono,
  };
}

/**
 * For each of 256 shades whether dark ("#14181f") or light ("#ffffff") marks are read on it.
 * @param {string[]} stops
 */
function onRamp(stops) {
  const { css } = ramp(stops);
  return css.map((color) => {
    const [red, green, blue] = color.match(/\d+/g)?.map(Number) ?? parseHex("#000000");
    return luminance([red, green, blue]) > 0.25 ? "#14181f" : "#ffffff";
  });
}
