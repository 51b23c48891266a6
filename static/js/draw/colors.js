/**
 * Data colours: the palettes, their interpolation in OKLab, look-up tables, contrast. Pure.
 *
 * Stops run from negative to positive (`SIGNED`) and from small to large (`FLOW`). The same values stand
 * as custom properties in css/tokens.css, where theme.js reads them; a test holds the two together.
 * A look-up table is a Uint32Array of 256 pixels as ImageData stores them (alpha, blue, green, red on the
 * little-endian machines that browsers run on).
 */

/** @typedef {"light" | "dark"} Tone */
/** @typedef {[number, number, number]} Triple */

/** @type {Record<Tone, string[]>} */
export const SIGNED = {
  light: ["#b04a00", "#e2791f", "#f6c9a0", "#f7f5f1", "#a9cdf0", "#3f8ad8", "#0f4fa3"],
  dark: ["#ffb069", "#f08a35", "#8a4f22", "#171d29", "#22538c", "#4c9bf5", "#a5d0ff"],
};

/** @type {Record<Tone, string[]>} */
export const FLOW = {
  light: ["#f6f1ee", "#f3c9b8", "#e98a9d", "#c0489a", "#7d2387", "#3b0f5c"],
  dark: ["#171d29", "#3a2064", "#7d2f93", "#c74b8f", "#f78a74", "#ffe3b8"],
};

/** @type {Record<Tone, string[]>} */
export const CLASSES = {
  light: [
    "#c25400", "#0f5fc4", "#2f7d4a", "#8a3f9e", "#8a6a00", "#0b7c86", "#b5245c", "#5d5bd1", "#6b5347", "#59616e",
  ],
  dark: [
    "#ff9a4d", "#5aa9ff", "#6fd394", "#d69cec", "#e3c04e", "#55cfda", "#ff86b0", "#a9a7ff", "#cdae9f", "#b3bccb",
  ],
};

/** The names of the custom properties, stop by stop. */
export const SIGNED_PROPERTIES = [
  "--negative-3", "--negative-2", "--negative-1", "--zero", "--positive-1", "--positive-2", "--positive-3",
];
export const FLOW_PROPERTIES = FLOW.light.map((_, index) => `--flow-${index}`);
export const CLASS_PROPERTIES = CLASSES.light.map((_, index) => `--class-${index}`);

/**
 * `#rrggbb` as three numbers of 0…255.
 * @param {string} hex
 * @returns {Triple}
 */
export function parseHex(hex) {
  const number = Number.parseInt(hex.trim().slice(1), 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}

/** @param {number} byte */
function linear(byte) {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** @param {number} value */
function encoded(value) {
  const clipped = Math.min(1, Math.max(0, value));
  const curve = clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * clipped ** (1 / 2.4) - 0.055;
  return Math.round(curve * 255);
}

/**
 * sRGB bytes to OKLab (Ottosson 2020, "A perceptual color space for image processing").
 * @param {Triple} rgb
 * @returns {Triple}
 */
export function toOklab([red, green, blue]) {
  const r = linear(red);
  const g = linear(green);
  const b = linear(blue);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/**
 * OKLab to sRGB bytes, clipped to the gamut channel by channel.
 * @param {Triple} lab
 * @returns {Triple}
 */
export function fromOklab([lightness, a, b]) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/**
 * The colour at `position` (0…1) on evenly spaced stops.
 * @param {string[]} stops
 * @param {number} position
 * @returns {Triple}
 */
export function interpolate(stops, position) {
  const place = Math.min(1, Math.max(0, position)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  const share = place - index;
  const from = toOklab(parseHex(stops[index]));
  const to = toOklab(parseHex(stops[index + 1]));
  return fromOklab([
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ]);
}

/**
 * One opaque pixel as ImageData stores it.
 * @param {Triple} rgb
 */
export function pixel([red, green, blue]) {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** @param {Triple} rgb */
export function css([red, green, blue]) {
  return `rgb(${red}, ${green}, ${blue})`;
}

/**
 * A ramp of 256 pixels and the same colours as CSS. `from` and `to` cut a part out of the palette:
 * the decision surface uses the middle of it, so that points stand out against it.
 * @param {string[]} stops
 * @param {number} [from]
 * @param {number} [to]
 * @returns {{pixels: Uint32Array, css: string[]}}
 */
export function ramp(stops, from = 0, to = 1) {
  const pixels = new Uint32Array(256);
  /** @type {string[]} */
  const names = [];
  for (let index = 0; index < 256; index += 1) {
    const rgb = interpolate(stops, from + ((to - from) * index) / 255);
    pixels[index] = pixel(rgb);
    names.push(css(rgb));
  }
  return { pixels, css: names };
}

/**
 * The ramp from `ground` to `color`: how sure a class is.
 * @param {string} ground
 * @param {string} color
 * @param {number} strongest
 */
export function tint(ground, color, strongest) {
  return ramp([ground, color], 0, strongest).pixels;
}

/**
 * Relative luminance of WCAG 2.2.
 * @param {Triple} rgb
 */
export function luminance([red, green, blue]) {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/**
 * Contrast ratio of WCAG 2.2, 1…21.
 * @param {string} first
 * @param {string} second
 */
export function contrast(first, second) {
  const a = luminance(parseHex(first));
  const b = luminance(parseHex(second));
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
