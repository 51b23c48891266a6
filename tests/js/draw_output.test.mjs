// What the output pictures decide: classes' borders, scales, words, measures; what the network's links stand for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axesAfter } from "../../static/js/controls/axes.js";
import { enlargeClasses } from "../../static/js/draw/classes.js";
import { flowCoding, gradientDecades, signedCoding } from "../../static/js/draw/coding.js";
import { contrast, ramp, SIGNED } from "../../static/js/draw/colors.js";
import { incoming, reach } from "../../static/js/draw/incoming.js";
import { valueScale } from "../../static/js/draw/points.js";
import { cellShade, measuresOf, percent } from "../../static/js/draw/scores.js";
import { hoverWords, lensWords, mapWords, weightImage } from "../../static/js/draw/surface_words.js";
import { paintFlow, paintWeightImages } from "../../static/js/draw/weights_raster.js";

const identity = Uint32Array.from({ length: 256 }, (_, index) => index);

const only = (/** @type {Uint8Array} */ classes, /** @type {Uint8Array} */ confidence) => ({ classes, confidence, second: null, secondConfidence: null });

test("the border of two among three classes lies by the second's own probability", () => {
  const factor = 20;
  const wide = 2 * factor;
  const out = new Uint32Array(wide * wide);
  const tints = [1, 2, 3].map((own) => new Uint32Array(256).fill(0xff000000 + own));
  // Class 0 has 0.5 and class 1 has 0.3 at the left; at the right class 1 has 0.4 and class 0 has 0.35: 0.5 − 0.15 t = 0.3 + 0.1 t at t = 0.8.
  const answer = { classes: Uint8Array.of(0, 1, 0, 1), confidence: Uint8Array.of(127, 102, 127, 102), second: Uint8Array.of(1, 0, 1, 0), secondConfidence: Uint8Array.of(76, 89, 76, 89) };
  enlargeClasses(answer, 2, factor, tints, 0xffffffff, false, out);
  const row = Array.from(out.subarray(wide * factor, wide * factor + wide));
  const expected = factor / 2 + 0.8 * factor;
  assert.ok(row.lastIndexOf(0xff000001) < expected && row.indexOf(0xff000002) > expected - 1, String(row.lastIndexOf(0xff000001)));
});

test("the border of two classes runs where both are equally likely", () => {
  const factor = 20;
  const wide = 2 * factor;
  const out = new Uint32Array(wide * wide);
  // 0.9 for class 0 at the left centre; 0.6 for class 1, so 0.4 for class 0, at the right one: 0.9 − 0.5 t = 0.5 at t = 0.8.
  const sure = Uint8Array.of(229.5, 153, 229.5, 153);
  const tints = [new Uint32Array(256).fill(0xff000001), new Uint32Array(256).fill(0xff0000c8)];
  enlargeClasses(only(Uint8Array.of(0, 1, 0, 1), sure), 2, factor, tints, 0xff00ff00, false, out);
  const row = Array.from(out.subarray(wide * factor, wide * factor + wide));
  const expected = factor / 2 + 0.8 * factor;
  const last = row.lastIndexOf(0xff000001);
  const first = row.indexOf(0xff0000c8);
  assert.ok(last < expected && first > expected - 1 && first - last === 3, `${last} … ${first} around ${expected}`);
});

test("a cell keeps its class, however unsure it is among many", () => {
  const out = new Uint32Array(36);
  const tints = [0, 1, 2].map((own) => new Uint32Array(256).fill(own + 1));
  enlargeClasses(only(Uint8Array.of(0, 1, 2, 1), new Uint8Array(4).fill(95)), 2, 3, tints, 9, false, out);
  assert.deepEqual([out[0], out[5], out[30]], [1, 2, 3]);
});

test("far from a border a class is as strong as it is sure; discretized, it is certain", () => {
  const tints = [identity, Uint32Array.from(identity, (value) => value + 1000)];
  const out = new Uint32Array(16);
  enlargeClasses(only(new Uint8Array(4).fill(1), new Uint8Array(4).fill(180)), 2, 2, tints, 7, false, out);
  assert.ok(out.every((value) => value === 1180));
  enlargeClasses(only(new Uint8Array(4).fill(1), new Uint8Array(4).fill(180)), 2, 2, tints, 7, true, out);
  assert.ok(out.every((value) => value === 1255));
});

test("axes are two different inputs or two components", () => {
  assert.deepEqual(axesAfter(null, 0, 2, 4), [2, 3]);
  assert.deepEqual(axesAfter(null, 1, 3, 4), [0, 3]);
  assert.deepEqual(axesAfter([0, 1], 1, 3, 4), [0, 3]);
  assert.deepEqual(axesAfter([0, 1], 0, 1, 4), [1, 0], "chosen twice, they change places");
  assert.equal(axesAfter([0, 1], 0, null, 4), null);
});

test("values of both signs are pale at zero, others in the middle of their range", () => {
  assert.deepEqual(valueScale([-1, 3]), [-3, 3]);
  assert.deepEqual(valueScale([25, 346]), [25, 346]);
  assert.deepEqual(valueScale([0, 0]), [-1, 1]);
  assert.deepEqual(valueScale([7, 7]), [6, 8]);
});

test("gradients are coloured over three decades that stay while the largest stays near", () => {
  const first = gradientDecades(0.03, null);
  assert.deepEqual(first, { low: -4, high: -1 });
  assert.equal(gradientDecades(0.002, first), first);
  assert.deepEqual(gradientDecades(0.0005, first), { low: -6, high: -3 });
  assert.deepEqual(gradientDecades(5, first), { low: -2, high: 1 });
  assert.equal(gradientDecades(0, first), first);
  assert.equal(gradientDecades(Number.NaN, first), first);
});

test("a gradient's colour is its decade whatever its sign, a weight's its sign", () => {
  const ramps = { signed: ramp(SIGNED.light), flow: { css: Array.from({ length: 256 }, (_, index) => String(index)), pixels: identity } };
  const flow = flowCoding({ low: -4, high: 0 }, ramps);
  assert.equal(flow.force(-0.01), 0.5);
  assert.equal(flow.color(-0.01, 1), "255");
  assert.equal(flow.force(Number.NaN), 1);
  const signed = signedCoding(2, ramps);
  assert.equal(signed.color(-1, 1), ramps.signed.css[0]);
  assert.equal(signed.color(1, 1), ramps.signed.css[255]);
  const out = new Uint32Array(3);
  paintFlow([1, -0.01, 0], { low: -4, high: 0 }, identity, out);
  assert.deepEqual([...out], [255, 128, 0]);
});

const network = { inputs: ["a", "b"], layers: [{ units: 3, activation: "sigmoid" }, { units: 1, activation: "linear" }] };
const weights = Float32Array.of(1, 2, 3, 4, 5, 6, 0.1, 0.2, 0.3, 7, 8, 9, 0.4);
const slice = { header: { step: 0, network }, arrays: { weights } };

test("what comes into a neuron is its column of the weights and its bias", () => {
  const second = incoming(slice, 1, 1);
  assert.deepEqual(second?.weights, [2, 5]);
  assert.ok(Math.abs((second?.bias ?? 0) - 0.2) < 1e-6);
  assert.deepEqual(incoming(slice, 2, 0)?.weights, [7, 8, 9]);
  assert.equal(incoming(slice, 3, 0), null);
});

test("a slider reaches half as far again as the largest number, in round steps", () => {
  assert.equal(reach([0.1]), 2);
  assert.equal(reach([-4]), 10);
  assert.equal(reach([70]), 200);
  assert.equal(reach([Number.NaN, 1]), 2);
});

test("what is seen is said: components, inputs at their mean, maps that are pale at one half", () => {
  const points = (/** @type {any} */ lens, names = ["a", "b", "c", "d"]) => ({ ...slice, points: { header: { revision: 1, task: "binary", class_names: [], feature_names: names, lens }, arrays: {} } });
  assert.equal(lensWords(points({ kind: "components", axes: [], names: [], share: 0.957 })), "Principal components: 96 % of variance, rest at mean.");
  assert.equal(lensWords(points({ kind: "features", axes: [0, 1], names: [], share: null })), "2 other inputs held at their mean.");
  assert.equal(lensWords(points({ kind: "plane", axes: [0, 1], names: [], share: null }, ["x1", "x2"])), "");
  assert.equal(mapWords(slice), "sigmoid maps: pale = ½");
});

test("under the pointer stands the value of a cell's centre, exact where it came", () => {
  const grid = { codes: Uint8Array.of(0, 255, 64, 128), size: 2, low: -1, high: 1, extent: [-6, 6, -3, 3], kind: "binary" };
  assert.deepEqual(hoverWords(slice, grid, ["x1", "x2"], 0.7, 0.1), ["output 1.0", "x1 3, x2 1.5"]);
  const exact = { ...slice, arrays: { ...slice.arrays, surface_value: Float32Array.of(0, 0.98765, 0, 0) } };
  assert.deepEqual(hoverWords(exact, grid, ["x1", "x2"], 0.7, 0.1), ["output 0.988", "x1 3, x2 1.5"]);
});

test("first-layer weights are pictures of the pixels they look at", () => {
  const inputs = ["p0", "p1", "p2", "p3"];
  const pixels = { header: { step: 0, network: { inputs, layers: [{ units: 2, activation: "tanh" }] } }, arrays: { weights: Float32Array.of(1, -2, 0, 2, 0.5, 0, -1, 1, 0, 0) }, points: { header: { revision: 1, task: "multiclass", class_names: [], feature_names: inputs, image: [2, 2] }, arrays: {} } };
  const image = weightImage(pixels, 5);
  assert.deepEqual([...(image?.codes ?? [])], [0, 255, 128, 191], "the second unit's weights -2, 2, 0, 1 over a scale of 2");
  assert.equal(weightImage(pixels, 3), null, "an input has no weights");
  const out = new Uint32Array(4 * 9);
  paintWeightImages(Float32Array.of(1, -2, 0, 2, 0.5, 0, -1, 1), 2, 2, { x: 0, across: 2, down: 1, units: 2, first: 4 }, 4, 9, identity, out);
  assert.deepEqual([out[0], out[5], out[7], out[5 + 2 * 9]], [191, 0, 255, 127]);
});

test("shares are never rounded to what they are not", () => {
  assert.equal(percent(1), "100.0 %");
  assert.equal(percent(0.9999), "99.9 %");
  assert.equal(percent(0), "0.0 %");
  assert.equal(percent(0.4567), "45.7 %");
});

test("each task has its measures, and every cell of the matrix can be read", () => {
  assert.deepEqual(measuresOf({ rmse: 1, mae: 1, r2: null }).map(({ name }) => name), ["rmse", "mae", "r2"]);
  for (const tone of /** @type {const} */ (["light", "dark"])) {
    const look = { signed: ramp(SIGNED[tone]), ink: "#000000", dark: tone === "dark" };
    for (let count = 0; count <= 20; count += 1) {
      for (const hit of [true, false]) {
        const { background, ink } = cellShade(count, 20, hit, look);
        const [first, second] = [background, ink].map((color) => `#${(color.match(/\d+/g) ?? []).map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`);
        assert.ok(contrast(first, second) >= 4.5, `${tone} ${count} ${hit}: ${background} ${ink}`);
      }
    }
  }
});
