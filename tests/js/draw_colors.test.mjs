// Palettes and their interpolation: against published OKLab values, WCAG's formula, and tokens.css.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  CLASSES, CLASS_PROPERTIES, FLOW, FLOW_PROPERTIES, SIGNED, SIGNED_PROPERTIES, contrast, fromOklab, interpolate,
  luminance, parseHex, pixel, ramp, toOklab,
} from "../../static/js/draw/colors.js";

const css = readFileSync(new URL("../../static/css/tokens.css", import.meta.url), "utf8");
/** The custom properties of the rule whose selector contains `selector` and that sets --page. */
function tokens(selector) {
  const rules = css.match(/[^{}]+\{[^{}]*\}/g).filter((rule) => rule.split("{")[0].includes(selector) && rule.includes("--page:"));
  return new Map([...rules.join("").matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value.trim()]));
}
const TONES = [["light", tokens('[data-mode="light"]')], ["dark", tokens('[data-mode="dark"]')]];

test("the palettes are those of tokens.css", () => {
  for (const [tone, values] of TONES) {
    assert.deepEqual(SIGNED_PROPERTIES.map((name) => values.get(name)), SIGNED[tone]);
    assert.deepEqual(FLOW_PROPERTIES.map((name) => values.get(name)), FLOW[tone]);
    assert.deepEqual(CLASS_PROPERTIES.map((name) => values.get(name)), CLASSES[tone]);
  }
});

test("OKLab of red, white and black is as published (Ottosson 2020)", () => {
  const near = (actual, wanted) => actual.forEach((value, index) => assert.ok(Math.abs(value - wanted[index]) < 5e-4, `${actual}`));
  near(toOklab([255, 0, 0]), [0.628, 0.2249, 0.1258]);
  near(toOklab([255, 255, 255]), [1, 0, 0]);
  near(toOklab([0, 0, 0]), [0, 0, 0]);
});

test("every stop survives the way to OKLab and back", () => {
  for (const hex of [...SIGNED.light, ...SIGNED.dark, ...FLOW.light, ...FLOW.dark]) {
    assert.deepEqual(fromOklab(toOklab(parseHex(hex))), parseHex(hex));
  }
});

test("a ramp begins and ends with its stops and passes the middle one", () => {
  const { pixels, css: names } = ramp(SIGNED.light);
  assert.equal(names[0], "rgb(176, 74, 0)");
  assert.equal(names[255], "rgb(15, 79, 163)");
  assert.equal(pixels.length, 256);
  assert.deepEqual(interpolate(SIGNED.light, 0.5), parseHex("#f7f5f1"));
  assert.deepEqual(interpolate(SIGNED.light, 2), parseHex("#0f4fa3"));
});

test("half way between black and white is OKLab's grey 0.5, not sRGB's 128", () => {
  // L = 0.5: linear light 0.125, encoded 1.055 · 0.125^(1/2.4) − 0.055 = 0.3885, byte 99.
  assert.deepEqual(interpolate(["#000000", "#ffffff"], 0.5), [99, 99, 99]);
});

test("a pixel is opaque and little-endian: red comes first in memory", () => {
  const bytes = new Uint8Array(Uint32Array.of(pixel([1, 2, 3])).buffer);
  assert.deepEqual([...bytes], [1, 2, 3, 255]);
});

test("contrast is WCAG's: 21 for black on white, 1 for the same", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.equal(contrast("#777777", "#777777"), 1);
  // #777 on white is the textbook near miss of AA: 4.48.
  assert.ok(Math.abs(contrast("#777777", "#ffffff") - 4.48) < 0.005);
});

test("the flow ramp runs one way in luminance, so that size is read without hue", () => {
  for (const [tone, sign] of [["light", -1], ["dark", 1]]) {
    const shades = FLOW[tone].map((hex) => luminance(parseHex(hex)));
    for (let index = 1; index < shades.length; index += 1) assert.ok(sign * (shades[index] - shades[index - 1]) > 0, tone);
  }
});

test("words are readable on their grounds and points on theirs", () => {
  for (const [tone, values] of TONES) {
    for (const ground of ["--page", "--panel", "--sunken"]) {
      for (const word of ["--ink", "--muted", "--warning", "--error"]) {
        const ratio = contrast(values.get(word), values.get(ground));
        assert.ok(ratio >= 4.5, `${tone}: ${word} on ${ground} is ${ratio.toFixed(2)}`);
      }
    }
    for (const [index, color] of CLASSES[tone].entries()) {
      assert.ok(contrast(color, values.get("--page")) >= 3, `${tone}: class ${index}`);
    }
  }
});
