// Side by side: which arrays are whose, labels that keep apart, the comparison in a link.
import assert from "node:assert/strict";
import { test } from "node:test";
import { apart, DASHES, MARKS, runsIn, valueAtStep } from "../../static/js/draw/compared.js";
import { openedFrom } from "../../static/js/flow/links.js";
import { hashOf } from "../../static/js/flow/share.js";

test("the first run has the frame's own arrays, the others those that bear their number", () => {
  const told = ["tanh", "ReLU", "Adam"].map((label) => ({ label }));
  const arrays = { delta_norm: [1], compared_1_delta_norm: [2], compared_2_delta_norm: [3], compared_2_curve_step: [0, 5] };
  const runs = runsIn({ header: { lab: { comparison: told } }, arrays });
  assert.deepEqual(runs.map((run) => run.norms("delta_norm")), [[1], [2], [3]]);
  assert.deepEqual(runs[2].steps, [0, 5]);
  assert.deepEqual(runsIn({ header: { lab: {} }, arrays }), []);
});

test("no two of four lines share a dash or a mark", () => {
  assert.equal(new Set(DASHES.map(String)).size, 4);
  assert.equal(new Set(MARKS).size, 4);
});

test("labels that would lie on one another are moved apart, within the picture", () => {
  const found = apart([50, 10, 51, 99], 16, 0, 100);
  const sorted = [...found].sort((a, b) => a - b);
  assert.deepEqual(found.map((y) => sorted.indexOf(y)), [1, 0, 2, 3]);
  sorted.slice(1).forEach((y, index) => assert.ok(y - sorted[index] >= 16 - 1e-9));
  assert.ok(sorted[0] >= 0 && sorted[3] <= 100);
});

test("a curve's value at a step is that of the last point before it", () => {
  assert.deepEqual([0, 4, 5, 9].map((step) => valueAtStep([0, 5], [3, 2], step)), [3, 3, 2, 2]);
  assert.ok(Number.isNaN(valueAtStep([], [], 1)));
});

test("a link holds the variants beside the experiment, and an experiment alone has none", async () => {
  const variants = [{ hidden: { activation: "relu" }, training: {} }];
  const opened = await openedFrom(await hashOf({ seed: 3 }, variants));
  assert.deepEqual([opened.experiment, opened.compare], [{ seed: 3 }, variants]);
  assert.deepEqual((await openedFrom(await hashOf({ seed: 3 }))).compare, []);
  assert.deepEqual((await openedFrom('{"seed": 5}')).compare, []);
});
