// Numbers as words.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ageTeller,
  brief, compact, counted, featureName, layerName, precise, runs, thousands, unitName, withPrefix,
  withSign,
} from "../../static/js/draw/format.js";

test("a count is said in three digits with a prefix", () => {
  const said = [0, 7, 999, 1000, 1480, 999_600, 21_000_000, 5_376_000_000].map(withPrefix);
  assert.deepEqual(said, ["0", "7", "999", "1\u2009k", "1.48\u2009k", "1\u2009M", "21\u2009M", "5.38\u2009G"]);
});

test("compact keeps two significant digits and real minus signs", () => {
  const table = [
    [0.1312, "0.13"], [0.0421, "0.042"], [0.00421, "4.2e−3"], [1.25e-6, "1.3e−6"], [1, "1.0"], [35.4, "35"], [128, "130"],
    [12345, "1.2e+4"], [-0.5, "−0.50"], [0, "0"], [null, "–"], [undefined, "–"], [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "inf"], [Number.NEGATIVE_INFINITY, "−inf"],
  ];
  for (const [value, words] of table) assert.equal(compact(value), words);
});

test("compact decides by the rounded value: 0.00999 is 0.010 and 999.6 is 1.0e+3", () => {
  assert.equal(compact(0.00999), "0.010");
  assert.equal(compact(999.6), "1.0e+3");
});

test("brief spends one digit on an exponent", () => {
  assert.equal(brief(0.00421), "4e−3");
  assert.equal(brief(0.13), "0.13");
  assert.equal(brief(Number.NaN), "NaN");
});

test("thousands are grouped with thin spaces from four digits on", () => {
  assert.equal(thousands(999), "999");
  assert.equal(thousands(3600), "3\u2009600");
  assert.equal(thousands(1234567), "1\u2009234\u2009567");
  assert.equal(thousands(-3600), "−3\u2009600");
});

test("precise gives three digits without needless zeros", () => {
  assert.equal(precise(0.5), "0.5");
  assert.equal(precise(-1.23456), "−1.23");
  assert.equal(precise(0.000123456), "1.23e−4");
});

test("ends of a scale carry their sign", () => {
  assert.deepEqual([1, -1, 0, 2.5].map(withSign), ["+1", "−1", "0", "+2.5"]);
});

test("one output, two inputs", () => {
  assert.deepEqual([counted(1, "output"), counted(2, "input"), counted(0, "hidden layer")], ["1 output", "2 inputs", "0 hidden layers"]);
});

test("layers and units are named from 1", () => {
  assert.equal(layerName(3, 4), "Layer 3");
  assert.equal(layerName(4, 4), "Output");
  assert.equal(layerName(4, 4, true), "out");
  assert.equal(unitName(0, 3, 1, ["x1", "x1_squared"]), "input x1²");
  assert.equal(unitName(2, 3, 0, []), "layer 2, neuron 1");
  assert.equal(unitName(3, 3, 0, []), "output 1");
});

test("a feature's index goes below the line, a column's name stays as it is", () => {
  assert.deepEqual(runs("sin x1"), [{ text: "sin x", low: false }, { text: "1", low: true }]);
  assert.deepEqual(runs(featureName("x1_x2")).filter((run) => run.low).map((run) => run.text), ["1", "2"]);
  assert.deepEqual(runs("petal width"), [{ text: "petal width", low: false }]);
  assert.equal(featureName("mean_radius"), "mean radius");
});

test("a picture's step is told from when it is first older than its frame until training rests", () => {
  const tell = ageTeller();
  assert.equal(tell({ step: 40, run_state: "running" }, 40), "");
  assert.equal(tell({ step: 60, run_state: "running" }, 40), "of step 40");
  assert.equal(tell({ step: 80, run_state: "running" }, 80), "of step 80");
  assert.equal(tell({ step: 90, run_state: "paused" }, 90), "");
  assert.equal(tell({ step: 90, run_state: "running" }, 90), "");
  assert.equal(tell({ step: 95, run_state: "running" }, undefined), "");
});
