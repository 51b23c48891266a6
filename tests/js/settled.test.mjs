// A link waits for what was just asked for.

import assert from "node:assert/strict";
import { test } from "node:test";

import { settling } from "../../static/js/flow/settled.js";

/** A page whose server answers with `number`, and whose state is told by hand. */
function desk(number = 1) {
  const page = { session: { command: 0 }, pending: {} };
  const waiting = [];
  const tick = async () => {
    for (const wake of waiting.splice(0)) wake();
    await new Promise((done) => setImmediate(done));
  };
  return { page, tick, ...settling(() => page, async () => ({ ok: true, number }), (wake) => waiting.push(wake)) };
}

test("it waits for the answer, and then for the state that carries the command", async () => {
  const { page, tick, send, settled } = desk();
  const sent = send({ name: "edit" });
  let is = false;
  void settled().then(() => (is = true));
  await sent;
  await tick();
  assert.equal(is, false);
  page.session = { command: 1 };
  await tick();
  assert.equal(is, true);
});

test("it waits for an edit that has not been sent yet", async () => {
  const { page, tick, settled } = desk();
  page.pending = { seed: 1 };
  let is = false;
  void settled().then(() => (is = true));
  await tick();
  assert.equal(is, false);
  page.pending = {};
  await tick();
  assert.equal(is, true);
});

test("it waits no longer than two seconds, and once only, for a state that never comes", async () => {
  const { tick, send, settled } = desk(7);
  await send({ name: "edit" });
  let is = false;
  void settled().then(() => (is = true));
  for (let times = 0; times < 99; times += 1) await tick();
  assert.equal(is, false);
  await tick();
  await tick();
  assert.equal(is, true);
  await settled();
});
