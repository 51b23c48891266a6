// The form's fields, read from the experiment's JSON Schema.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fieldAt, fieldsOf, settingsOf, valueOf } from "../../static/js/controls/fields.js";
import { lossWords, scoreWords } from "../../static/js/controls/metrics.js";
import { countScale, linearScale, logScale, percent, plainNumber } from "../../static/js/controls/scale.js";

const SCHEMA = {
  type: "object",
  properties: {
    seed: { type: "integer", minimum: 0, title: "Seed", default: 0 },
    training: {
      type: "object",
      properties: {
        learning_rate: { type: "number", exclusiveMinimum: 0, title: "Learning rate", description: "Size of an update.", default: 0.03 },
        clip_norm: { anyOf: [{ type: "number", exclusiveMinimum: 0 }, { type: "null" }], default: null, title: "Clip norm" },
        optimizer: {
          title: "Optimizer",
          default: { name: "sgd" },
          oneOf: [
            { type: ["object", "string"], title: "SGD", properties: { name: { const: "sgd" }, momentum: { type: "number", minimum: 0, exclusiveMaximum: 1, title: "Momentum", default: 0 } } },
            { type: ["object", "string"], title: "Lion", description: "Signs only.", properties: { name: { const: "lion" } } },
          ],
        },
        stop: { type: "object", properties: { max_epochs: { anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }], "x-unit": "epochs" } } },
      },
    },
    network: {
      type: "object",
      properties: {
        hidden: { type: "array", items: { type: "object", properties: { units: { type: "integer" }, normalization: { anyOf: [{ enum: ["batch", "layer"] }, { type: "null" }] } } } },
      },
    },
    features: { type: "array", items: { enum: ["x1", "sin_x1"] }, "x-titles": { x1: "x₁" } },
  },
};
const fields = fieldsOf(SCHEMA);
const at = (path) => fieldAt(fields, path);

test("objects are taken apart, parts and lists stay whole", () => {
  assert.deepEqual(
    fields.map((field) => `${field.path} ${field.kind}`),
    ["seed integer", "training.learning_rate number", "training.clip_norm number", "training.optimizer part", "training.stop.max_epochs integer", "network.hidden list", "features set"],
  );
});

test("bounds, words, units and defaults come from the schema", () => {
  const rate = at("training.learning_rate");
  assert.deepEqual([rate.minimum, rate.open_minimum, rate.maximum, rate.help, rate.default], [0, true, null, "Size of an update.", 0.03]);
  assert.deepEqual([at("training.clip_norm").nullable, at("training.stop.max_epochs").unit], [true, "epochs"]);
});

test("a part offers its names, and each its own settings", () => {
  const optimizer = at("training.optimizer");
  assert.deepEqual(optimizer.choices.map(({ name, title, help }) => [name, title, help]), [["sgd", "SGD", ""], ["lion", "Lion", "Signs only."]]);
  assert.deepEqual(settingsOf(optimizer, "sgd").map((setting) => setting.path), ["momentum"]);
  assert.deepEqual(settingsOf(optimizer, "lion"), []);
  assert.equal(at("training.optimizer.momentum").open_maximum, true);
});

test("a field of a list's items is found under any index", () => {
  assert.equal(at("network.hidden.3.units").kind, "integer");
  assert.deepEqual(at("network.hidden.all.normalization").choices.map((choice) => choice.name), ["batch", "layer"]);
  assert.equal(at("network.hidden.0.nothing"), undefined);
});

test("names of a set bear the schema's titles", () => {
  assert.deepEqual(at("features").choices.map((choice) => choice.title), ["x₁", "sin x1"]);
});

test("what is typed becomes a value, or undefined where it can't", () => {
  assert.equal(valueOf(at("training.clip_norm"), "  0,5 "), 0.5);
  assert.equal(valueOf(at("training.clip_norm"), ""), null);
  assert.equal(valueOf(at("seed"), ""), undefined);
  assert.equal(valueOf(at("seed"), "seven"), undefined);
  assert.equal(valueOf(at("seed"), "\u22123"), -3);
});

test("a logarithmic slider puts equal factors at equal distances and hits round numbers", () => {
  const rate = logScale(1e-5, 10);
  assert.ok(Math.abs(rate.fraction(0.001) - 1 / 3) < 1e-12);
  assert.equal(rate.value(rate.fraction(0.03)), 0.03);
  assert.equal(rate.value(-1), 1e-5);
  assert.equal(rate.value(2), 10);
  assert.deepEqual([rate.stepped(0.03, 1), rate.stepped(0.03, -1), rate.stepped(10, 1)], [0.04, 0.02, 10]);
  assert.equal(rate.stepped(0.0314, 1), 0.04, "from between two round numbers on to the next");
});

test("a linear slider leaves no dust of binary fractions", () => {
  const noise = linearScale(0, 0.5, 0.01);
  assert.equal(noise.stepped(0.29, 1), 0.3);
  assert.equal(noise.value(0.14), 0.07);
});

test("a batch size is whole, and an arrow key is one example", () => {
  const batch = countScale(1, 512);
  assert.deepEqual([batch.stepped(10, 1), batch.stepped(1, -1), batch.value(1), batch.value(0)], [11, 1, 512, 1]);
  assert.ok(Number.isInteger(batch.value(0.3)));
});

test("numbers are said as people write them", () => {
  assert.deepEqual([plainNumber(0.03), plainNumber(0.00001), plainNumber(10), percent(0.155)], ["0.03", "0.00001", "10", "16\u2009%"]);
  assert.deepEqual([lossWords(0.69315), lossWords(null), lossWords(0)], ["0.693", "–", "0.000"]);
  assert.deepEqual([scoreWords("accuracy", 0.9841), scoreWords("R²", -0.5), scoreWords("r2", -6.8006e45), scoreWords("accuracy", null)], ["98.4\u2009% right", "R² \u22120.50", "R² \u22126.8e+45", ""]);
});
