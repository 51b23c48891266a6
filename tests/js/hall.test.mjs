// View links, and what a page that only watches may send.

import assert from "node:assert/strict";
import { test } from "node:test";

import { guarded, steers, viewedIn } from "../../static/js/flow/hall.js";
import { EMPTY } from "../../static/js/flow/reducer.js";

const page = (/** @type {any} */ session, me = 0) => ({ ...EMPTY, session, me });

test("a view link names a session and a token, and nothing else is one", () => {
  assert.deepEqual(viewedIn("#view=a-_1.b-_2"), { session: "a-_1", token: "b-_2" });
  for (const other of ["", "#view=", "#view=a", "#view=a.b.c", "#view=a.b&x=1", "#e=a.b", "view=a.b"]) assert.equal(viewedIn(other), null);
});

test("the owner steers until control is handed over, then that viewer alone does", () => {
  assert.equal(steers(page(null)), false);
  assert.equal(steers(page({ role: "owner", steering: null })), true);
  assert.equal(steers(page({ role: "owner", steering: 2 })), false);
  assert.equal(steers(page({ role: "viewer", steering: null }, 2)), false);
  assert.equal(steers(page({ role: "viewer", steering: 2 }, 2)), true);
  assert.equal(steers(page({ role: "viewer", steering: 2 }, 3)), false);
});

test("a page that watches asks the server nothing, and says why", async () => {
  /** @type {unknown[]} */
  const sent = [];
  const send = async (/** @type {Record<string, unknown>} */ command) => (sent.push(command), /** @type {const} */ ({ ok: true, number: 1 }));
  const viewer = guarded(() => page({ role: "viewer", steering: null }, 1), send);
  const refused = await viewer({ name: "play" });
  assert.equal(refused.ok, false);
  assert.match(refused.ok ? "" : refused.error.message, /only the presenter/);
  assert.deepEqual(await viewer({ name: "watch", instruments: [] }), { ok: true });
  assert.deepEqual(sent, []);
  const owner = guarded(() => page({ role: "owner", steering: null }), send);
  assert.equal((await owner({ name: "play" })).ok, true);
  assert.deepEqual(sent, [{ name: "play" }]);
});
