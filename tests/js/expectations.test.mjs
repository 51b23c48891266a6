// A scene's outcome, checked on a frame: the metrics as the server's scenarios define them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { allHold, metricOf } from "../../static/js/draw/expectations.js";

const header = {
  run_state: "running",
  training_loss: 0.25,
  test_loss: 0.75,
  lab: { theory: { measured_slope: -0.3 } },
  network: { inputs: ["x1", "x2"], layers: [{ units: 3 }, { units: 1 }] },
};
const arrays = {
  delta_norm: new Float64Array([1e-6, 1e-3, 1e-2, 1]),
  weight_gradient_norm_clipped: new Float64Array([3, 4]),
  dead_share: new Float64Array([0.25, Number.NaN, 0.5, 1]),
  weights: new Float32Array([0.5, 0.5, 0.5, -0.1, -0.1, -0.1, 0, 0, 0]),
};

test("each metric is what its words say", () => {
  /** @param {string} metric */
  const of = (metric) => metricOf(metric, header, arrays);
  // Layer 1 against the last hidden layer, not the output: 1e-6 over 1e-2.
  assert.equal(of("drop"), -4);
  assert.equal(of("gap"), 0.5);
  assert.equal(of("applied"), 5);
  // The output layer's share is no hidden layer's.
  assert.equal(of("dead"), 0.5);
  assert.equal(of("slope"), -0.3);
  assert.equal(of("alike"), 1);
  assert.equal(of("diverged"), 0);
});

test("units that differ in one weight are not alike", () => {
  const weights = new Float32Array(arrays.weights);
  weights[4] = -0.2;
  assert.equal(metricOf("alike", header, { ...arrays, weights }), 0);
  assert.equal(metricOf("alike", header, { ...arrays, weights: undefined }), null);
});

test("a number that is not there holds no expectation", () => {
  const text = "";
  assert.ok(allHold([{ metric: "drop", low: null, high: -3.5, text }, { metric: "training_loss", low: 0.2, high: null, text }], header, arrays));
  assert.ok(!allHold([{ metric: "drop", low: -3.5, high: null, text }], header, arrays));
  assert.ok(!allHold([{ metric: "test_loss", low: null, high: 1, text }], { ...header, test_loss: null }, arrays));
});
