// What the controls ask for, as the commands the server understands.

import assert from "node:assert/strict";
import { test } from "node:test";

import { makeCommands } from "../../static/js/flow/commands.js";
import { patchOf, same, valueAt } from "../../static/js/flow/paths.js";

function desk(answer = { ok: true, number: 1 }) {
  const sent = [];
  const actions = [];
  const timers = [];
  const send = async (command) => {
    sent.push(command);
    return answer;
  };
  const commands = makeCommands(send, (action) => actions.push(action), (wake) => timers.push(wake));
  const pass = async () => {
    await new Promise((done) => setImmediate(done));
    for (const wake of timers.splice(0)) wake();
    await new Promise((done) => setImmediate(done));
  };
  return { commands, sent, actions, pass };
}

test("a dragged slider sends its first and its newest value, not those between", async () => {
  const { commands, sent, actions, pass } = desk();
  for (const rate of [0.1, 0.2, 0.3, 0.4]) commands.edit("training.learning_rate", rate);
  await pass();
  await pass();
  assert.deepEqual(sent.map((command) => command.patch.training.learning_rate), [0.1, 0.4]);
  assert.deepEqual(actions.filter(({ type }) => type === "edit").map(({ value }) => value), [0.1, 0.2, 0.3, 0.4]);
});

test("edits of two fields do not wait for each other", () => {
  const { commands, sent } = desk();
  commands.edit("seed", 1);
  commands.edit("dtype", "float32");
  assert.equal(sent.length, 2);
});

test("every press of a stepper counts", () => {
  const { commands, sent } = desk();
  commands.addUnit(1, 5);
  commands.addUnit(1, 6);
  assert.deepEqual(sent, [{ name: "add_unit", layer: 1 }, { name: "add_unit", layer: 1 }]);
});

test("a dragged weight sends its first and its newest value; two weights do not wait for each other", async () => {
  const { commands, sent, pass } = desk();
  for (const value of [0.1, 0.2, 0.3]) commands.setWeight(2, 1, 0, value);
  commands.setBias(2, 0, -1);
  await pass();
  await pass();
  assert.deepEqual(sent, [
    { name: "set_weight", layer: 2, input: 1, unit: 0, value: 0.1 },
    { name: "set_bias", layer: 2, unit: 0, value: -1 },
    { name: "set_weight", layer: 2, input: 1, unit: 0, value: 0.3 },
  ]);
});

test("a neuron is split, and edits are taken back and made again", () => {
  const { commands, sent } = desk();
  commands.widen(0, 3, 5);
  commands.undo();
  commands.redo();
  assert.deepEqual(sent, [{ name: "widen", layer: 0, unit: 3 }, { name: "undo" }, { name: "redo" }]);
});

test("a refusal carries the field and the control that asked", async () => {
  const { commands, actions, pass } = desk({ ok: false, error: { message: "must be above 0", field: "training.learning_rate" } });
  commands.edit("training.learning_rate", -1);
  await pass();
  const [edit, refusal] = actions;
  assert.equal(refusal.type, "refused");
  assert.equal(refusal.path, "training.learning_rate");
  assert.equal(refusal.ticket, edit.ticket);
});

test("all layers change in one command that keeps what else they are", () => {
  const { commands, sent } = desk();
  commands.setLayers([{ units: 4, activation: "tanh" }, { units: 2, activation: "relu" }], "activation", "selu");
  assert.deepEqual(sent[0].patch.network.hidden, [{ units: 4, activation: "selu" }, { units: 2, activation: "selu" }]);
});

test("paths read, patch and compare", () => {
  assert.equal(valueAt({ a: [{ b: 5 }] }, "a.0.b"), 5);
  assert.equal(valueAt({ a: null }, "a.b.c"), undefined);
  assert.deepEqual(patchOf("training.clip_norm", null), { training: { clip_norm: null } });
  assert.ok(same({ a: [1, { b: null }] }, { a: [1, { b: null }] }));
  assert.ok(!same({ a: 1 }, { a: 1, b: 2 }) && !same([1], [2]) && !same(null, {}));
});
