// The rows that the lab's panels share, the ribbon, and the thumbnails' sketches.
import assert from "node:assert/strict";
import { test } from "node:test";
import { QUANTITIES, quantityOf, slopeSentence, slopeTowardsInput, slopeWords } from "../../static/js/draw/quantities.js";
import { knots, shadeBetween, spaced, THINNEST } from "../../static/js/draw/ribbon.js";
import { activationAxes, labelColumns, layerAt, rowMiddle, rowsIn, rowTop } from "../../static/js/draw/rows.js";
import { exponentRange } from "../../static/js/draw/scale.js";
import { datasetSketch, FEATURE_MAPS, SKETCHED } from "../../static/js/draw/sketches.js";

test("the output's row is on top and every point of a row belongs to its layer", () => {
  for (const layers of [2, 9, 65]) {
    const rows = rowsIn(layers, 255, 1);
    assert.ok(rowTop(rows, layers) < rowTop(rows, 1));
    for (let layer = 1; layer <= layers; layer += 1) assert.equal(layerAt(rows, rowMiddle(rows, layer)), layer);
    assert.equal(layerAt(rows, rows.top - 1), null);
    assert.equal(layerAt(rows, rows.bottom + 1), null);
  }
});

test("a small panel keeps both numbers, in one digit", () => {
  assert.equal(labelColumns(640, 1).numbers, "two digits");
  assert.deepEqual([labelColumns(230, 1).numbers, labelColumns(230, 1).names], ["one digit", "short"]);
  assert.ok(labelColumns(230, 1).left < 120);
});

test("hidden layers share an axis, symmetric where both signs occur; the output has its own", () => {
  assert.deepEqual(activationAxes([[-1, 1], [-0.4, 0.9], [-7.2, 3]]), { hidden: [-1, 1], output: [-8, 8] });
  assert.deepEqual(activationAxes([[0, 2.2], [0, 13], [0, 0.3]]), { hidden: [0, 15], output: [0, 0.3] });
  assert.deepEqual(activationAxes([[null, null], [0, 0]]), { hidden: [-1, 1], output: [-1, 1] });
});

test("a decade less is the same step thinner anywhere on the ribbon", () => {
  const [a, b, c] = knots([1e-3, 1e-2, 1e-1], [0, 1, 2], { low: -6, high: 1 }, 37).map((knot) => knot.thick);
  assert.ok(Math.abs(b - a - (c - b)) < 1e-9);
  // 35 px over 7 decades: 5 px each.
  assert.ok(Math.abs(b - a - 5) < 1e-9);
});

test("a vanished gradient is a thread; one that is not finite fills the height", () => {
  const [zero, tiny, broken] = knots([0, 1e-20, Number.NaN], [0, 1, 2], { low: -6, high: 1 }, 40);
  assert.equal(zero.thick, THINNEST);
  assert.equal(tiny.thick, THINNEST);
  assert.equal(broken.thick, 40);
});

test("shades run linearly in decades between two layers", () => {
  const [a, b] = knots([1e-6, 10], [0, 1], { low: -6, high: 1 }, 40);
  assert.deepEqual([0, 0.5, 1].map((part) => shadeBetween(a, b, part)), [0, 128, 255]);
});

test("marks keep their distance; the output's and the first layer's stay", () => {
  const points = knots(new Array(31).fill(1), Array.from({ length: 31 }, (_, index) => index * 12), { low: -6, high: 1 }, 30);
  const kept = spaced(points, 40);
  assert.equal(kept[0], 0);
  assert.equal(kept[kept.length - 1], 30);
  kept.slice(1).forEach((index, place) => assert.ok(points[index].x - points[kept[place]].x >= 40));
});

test("every data set of the playground has a sketch inside its frame, the same every time", () => {
  const names = "circle xor gauss spiral moons checkerboard blobs plane multi_gauss sine iris wine breast_cancer digits diabetes csv";
  for (const name of names.split(" ")) {
    assert.ok(SKETCHED.includes(name), name);
    const sketch = datasetSketch(name);
    assert.deepEqual(sketch, datasetSketch(name));
    for (const place of [...(sketch.x ?? []), ...(sketch.y ?? [])]) assert.ok(Math.abs(place) <= 1.05, `${name}: ${place}`);
  }
  assert.equal(datasetSketch("tomorrow's").kind, "table");
});

test("features are what their names say", () => {
  const at = (name) => FEATURE_MAPS[name](0.5, -0.25);
  assert.deepEqual(["x1", "x2", "x1_squared", "x2_squared", "x1_x2"].map(at), [0.5, -0.25, 0.25, 0.0625, -0.125]);
  assert.ok(Math.abs(at("sin_x1") - 0.1411200080598672) < 1e-12);
});

test("a slope is decades a layer towards the input, over the layers asked for only", () => {
  // Half the norm with every layer towards the input: log10 2 = 0.30103 decades less.
  const halves = Array.from({ length: 20 }, (_, index) => 2 ** (index + 1));
  assert.ok(Math.abs((slopeTowardsInput(halves, 3, 18) ?? 0) + 0.30103) < 1e-5);
  halves[0] = 1e9;
  assert.ok(Math.abs((slopeTowardsInput(halves, 2, 20) ?? 0) + 0.30103) < 1e-5);
  assert.equal(slopeTowardsInput([1, 0, 1], 1, 3), null);
  assert.equal(slopeTowardsInput([1, Number.NaN, 1], 1, 3), null);
  assert.equal(slopeTowardsInput([1], 1, 1), null);
});

test("the slope is said with its sign, its theory, and why theory does not speak", () => {
  assert.deepEqual([slopeWords(-0.30103), slopeWords(0.0672), slopeWords(-0.0001), slopeWords(null)], ["\u22120.301", "+0.067", "0.000", "–"]);
  const delta = quantityOf("delta_norm");
  const theory = { slope: -0.30103, slope_low: -0.31, slope_high: -0.29, measured_slope: -0.302, first: 2, last: 9, applies: true, reason: null };
  assert.match(slopeSentence(delta, [1, 1], theory), /measured \u22120\.302 decades per layer towards the input, theory \u22120\.301 \(9 of 10 nets this wide: \u22120\.310 … \u22120\.290\)/);
  assert.match(slopeSentence(delta, [1, 1], { ...theory, applies: false, reason: "the weights have moved" }), /no longer applies: the weights have moved$/);
  assert.match(slopeSentence(delta, [1, 1], { ...theory, slope: null, reason: "dropout" }), /no theory: dropout$/);
  // Theory is of delta: beside another quantity it would be the wrong line.
  assert.doesNotMatch(slopeSentence(quantityOf("weight_gradient_norm"), Array(9).fill(0.5), theory), /theory/);
});

test("every quantity says which norm over which batch, and none stands twice", () => {
  assert.equal(new Set(QUANTITIES.map(({ name }) => name)).size, 5);
  for (const { meaning } of QUANTITIES) assert.match(meaning, /minibatch|one step/);
});

test("an axis of norms spans even decades around what has a size", () => {
  assert.deepEqual(exponentRange([[3e-15, 0, Number.NaN, 0.02]]), { low: -16, high: 0 });
  assert.deepEqual(exponentRange([[1e-3]], [[-7.5]]), { low: -8, high: -2 });
  assert.deepEqual(exponentRange([[0, Number.POSITIVE_INFINITY]]), { low: -6, high: 0 });
});
