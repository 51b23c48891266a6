// The rows that the lab's panels share, the ribbon, and the thumbnails' sketches.
import assert from "node:assert/strict";
import { test } from "node:test";
import { knots, shadeBetween, spaced, THINNEST } from "../../static/js/draw/ribbon.js";
import { activationAxes, labelColumns, layerAt, rowMiddle, rowsIn, rowTop } from "../../static/js/draw/rows.js";
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
