// Ten links of TensorFlow Playground over all its keys open as the same experiment; what to expect was written by hand.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { fromTensorFlow } from "../../static/js/flow/tensorflow.js";

const CASES = JSON.parse(readFileSync(new URL("../reference/tensorflow_links.json", import.meta.url), "utf8"));
const KEYS = [
  "activation", "regularization", "batchSize", "dataset", "regDataset", "learningRate", "regularizationRate", "noise", "networkShape", "seed",
  "showTestData", "discretize", "percTrainData", "x", "y", "xTimesY", "xSquared", "ySquared", "cosX", "sinX", "cosY", "sinY", "collectStats",
  "tutorial", "problem", "initZero", "hideText",
];

for (const { name, link, experiment, said, hide, view } of CASES) {
  test(`a link opens as the same experiment: ${name}`, () => {
    const opened = fromTensorFlow(link);
    assert.deepEqual(opened.experiment, experiment);
    assert.deepEqual([...opened.hide].sort(), [...hide].sort());
    assert.deepEqual(opened.view, view);
    for (const words of said) assert.ok(opened.said.some((sentence) => sentence.includes(words)), `${words} in ${opened.said.join(" ")}`);
    // One sentence is always said: what a step is. Nothing else is, but what was expected.
    const fixed = opened.said.filter((sentence) => !sentence.startsWith("A step here") && !sentence.startsWith("Its seed") && !sentence.startsWith("The last, smaller"));
    assert.ok(fixed.length <= said.length, opened.said.join(" "));
  });
}

test("all 27 keys are in the links, each with a value that is not its default", () => {
  const pairs = CASES.flatMap(({ link }) => link.split("#")[1].split("&").map((pair) => pair.split("=")));
  assert.equal(KEYS.length, 27);
  for (const key of KEYS) assert.ok(new Set(pairs.filter(([name]) => name === key).map(([, value]) => value)).size >= 1, key);
});

test("a hash alone will do, and other links are not taken for one", () => {
  assert.equal(fromTensorFlow("#dataset=xor").experiment.data.name, "xor");
  for (const other of ["", "#", "#e=abc", "#experiment={}", "https://example.org/", "hello", "#network", "#a=b"]) assert.equal(fromTensorFlow(other), null);
});
