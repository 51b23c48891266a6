// What an explanation says of a field: bounds, unit, default, the chosen part.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fieldAt, fieldsOf } from "../../static/js/controls/fields.js";
import { explanationOf, factsOf, sentence } from "../../static/js/controls/words.js";

const SCHEMA = {
  properties: {
    noise: { type: "number", minimum: 0, maximum: 0.5, default: 0.1, title: "Noise", description: "how far examples stray" },
    rate: { type: "number", exclusiveMinimum: 0, default: 0.03 },
    seed: { type: "integer", minimum: 0, maximum: 9007199254740991, default: 0 },
    stop: { anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }], default: null, "x-unit": "epochs" },
    shuffle: { type: "boolean", default: true },
    optimizer: {
      "x-kind": "optimizer",
      description: "How a gradient becomes an update.",
      oneOf: [{ title: "SGD", description: "steepest descent", properties: { name: { const: "sgd" } } }],
    },
  },
};
const fields = fieldsOf(SCHEMA);
/** @param {string} path */
function at(path) {
  const field = fieldAt(fields, path);
  assert.ok(field);
  return field;
}

test("a number's facts are its bounds, its unit and its default", () => {
  assert.equal(factsOf(at("noise")), "from 0 to 0.5 · default 0.1");
  assert.equal(factsOf(at("rate")), "above 0 · default 0.03");
  assert.equal(factsOf(at("stop")), "from 1 · epochs · empty: off");
});

test("a bound that only the number format sets is not worth saying", () => {
  assert.equal(factsOf(at("seed")), "from 0 · default 0");
});

test("a tick has no facts", () => {
  assert.equal(factsOf(at("shuffle")), "");
});

test("the explanation of a part holds the chosen part and where to look it up", () => {
  assert.deepEqual(explanationOf(at("optimizer"), "Optimizer", "sgd"), {
    title: "Optimizer", text: "How a gradient becomes an update.", facts: "",
    choice: "SGD", choiceText: "Steepest descent.", kind: "optimizer", name: "sgd",
  });
  assert.equal(explanationOf(at("optimizer"), "Optimizer", "other").choice, undefined);
});

test("a phrase becomes a sentence, a formula keeps its first letter", () => {
  assert.equal(sentence("how far examples stray"), "How far examples stray.");
  assert.equal(sentence("z·Φ(z), exact."), "z·Φ(z), exact.");
  assert.equal(sentence("log(1 + e^z): a smooth ReLU"), "log(1 + e^z): a smooth ReLU.");
  assert.equal(sentence(""), "");
});
