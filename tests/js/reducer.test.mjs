// How the page's state follows from what happens, one action at a time.

import assert from "node:assert/strict";
import { test } from "node:test";

import { EMPTY, isRunning, reduce, shown } from "../../static/js/flow/reducer.js";
import { createStore } from "../../static/js/flow/store.js";

const session = (more = {}) => ({
  session: "s", role: "owner", generation: 0, command: 0, run_state: "idle", step: 0, epoch: 0, speed: 200,
  diverged: null, notices: [], limits: {}, experiment: { training: { learning_rate: 0.03 } }, ...more,
});
const RATE = "training.learning_rate";
const after = (...actions) => actions.reduce(reduce, EMPTY);
const opened = { type: "opened", session: session() };
const asked = { type: "edit", path: RATE, value: 0.3, ticket: 1 };

test("a control shows what was asked for until the server says it", () => {
  let page = after(opened, asked);
  assert.equal(shown(page, RATE), 0.3);
  page = reduce(page, { type: "accepted", ticket: 1, number: 4 });
  page = reduce(page, { type: "state", session: session({ command: 3 }) });
  assert.equal(shown(page, RATE), 0.3, "an older state does not take it back");
  page = reduce(page, { type: "state", session: session({ command: 4, experiment: { training: { learning_rate: 0.25 } } }) });
  assert.equal(shown(page, RATE), 0.25, "the server has the last word");
  assert.deepEqual(page.pending, {});
});

test("a run that broke before it was seen running is no longer wanted to run", () => {
  const late = (command, run_state) => ({ type: "drawn", header: { command, run_state, step: 1 } });
  let page = after(opened, late(3, "idle"), { type: "want", running: true, ticket: 7 }, { type: "accepted", ticket: 7, number: 4 });
  assert.ok(isRunning(page), "what was asked for is shown at once");
  page = reduce(page, late(3, "idle"));
  assert.ok(isRunning(page), "a frame from before the command says nothing of it");
  page = reduce(page, late(4, "diverged"));
  assert.ok(!isRunning(page));
});

test("a state may overtake the answer to its command", () => {
  const page = after(opened, asked, { type: "state", session: session({ command: 4 }) }, { type: "accepted", ticket: 1, number: 4 });
  assert.deepEqual(page.pending, {});
});

test("a refused edit goes back and leaves the server's sentence beside its field", () => {
  const page = after(opened, asked, { type: "refused", ticket: 1, path: RATE, error: { message: "must be above 0", field: RATE } });
  assert.equal(shown(page, RATE), 0.03);
  assert.equal(page.refused[RATE], "must be above 0");
  assert.deepEqual(reduce(page, { ...asked, ticket: 2 }).refused, {}, "the next edit takes it away");
});

test("the refusal of an older edit does not take back a newer one", () => {
  const page = after(opened, asked, { ...asked, value: 0.5, ticket: 2 }, { type: "refused", ticket: 1, path: RATE, error: { message: "no" } });
  assert.equal(shown(page, RATE), 0.5);
});

test("a refusal without a field becomes a notice, once", () => {
  const no = { type: "refused", ticket: 9, path: null, error: { message: "too many commands" } };
  assert.deepEqual(after(opened, no, no).notices.map((notice) => notice.text), ["too many commands"]);
});

test("a late refusal stands beside the field it names; good news is a notice", () => {
  const page = after(opened, {
    type: "state",
    session: session({ notices: [{ level: "error", text: "no memory", field: "network" }, { level: "info", text: "finished", field: "training.stop" }] }),
  });
  assert.deepEqual(page.refused, { network: "no memory" });
  assert.deepEqual(page.notices.map((notice) => notice.text), ["finished"]);
});

test("what was said of a change holds until the next one; a refusal waits to be read", () => {
  const state = (learning_rate, ...levels) => ({
    type: "state",
    session: session({ experiment: { training: { learning_rate } }, notices: levels.map((level) => ({ level, text: `${level} ${learning_rate}` })) }),
  });
  const said = (page) => page.notices.map((notice) => notice.text);
  const no = { type: "refused", ticket: 9, path: null, error: { message: "too many commands" } };
  let page = after(opened, no, state(0.1, "info", "warning"));
  assert.deepEqual(said(page), ["too many commands", "info 0.1", "warning 0.1"]);
  page = reduce(page, state(0.1));
  assert.deepEqual(said(page), ["too many commands", "info 0.1", "warning 0.1"]);
  page = reduce(page, state(0.01));
  assert.deepEqual(said(page), ["too many commands"]);
});

test("an older frame never replaces a newer one, but another generation's first does", () => {
  const frame = (generation, seq) => ({ type: "frame", frame: { header: { generation, seq } } });
  const of = (page) => [page.frame.header.generation, page.frame.header.seq];
  assert.deepEqual(of(after(frame(0, 5), frame(0, 4))), [0, 5]);
  assert.deepEqual(of(after(frame(0, 5), frame(1, 1))), [1, 1]);
  assert.deepEqual(of(after(frame(1, 1), frame(0, 9))), [1, 1]);
  assert.deepEqual(of(after(frame(0, 900), opened, frame(0, 1))), [0, 1], "a restarted server counts anew");
});

test("Play shows as running at once, and the drawn frame decides in the end", () => {
  const want = { type: "want", running: true, ticket: 5 };
  const drawn = (run_state) => ({ type: "drawn", header: { run_state } });
  assert.equal(isRunning(after(opened, want)), true);
  assert.equal(isRunning(after(opened, want, drawn("idle"))), true, "an older frame is still on its way");
  assert.equal(isRunning(after(opened, want, drawn("running"), drawn("paused"))), false);
  assert.equal(isRunning(after(opened, want, { type: "refused", ticket: 5, path: null, error: { message: "no" } })), false);
});

test("a lost line forgets what was under way", () => {
  const page = after(opened, asked, { type: "lost" });
  assert.deepEqual([page.connection, page.pending], ["lost", {}]);
});

test("an experiment that did not change keeps its identity", () => {
  const first = after(opened);
  const second = reduce(first, { type: "state", session: session({ command: 1, run_state: "running" }) });
  assert.equal(second.session.experiment, first.session.experiment);
});

test("watchers hear of their slice only, and of what a watcher dispatches", () => {
  const store = createStore(reduce, EMPTY);
  const heard = [];
  store.watch((page) => page.connection, (connection) => heard.push(connection));
  store.watch((page) => page.schema, (schema) => schema && store.dispatch({ type: "lost" }));
  store.dispatch({ type: "points", points: {} });
  store.dispatch({ type: "schema", schema: {} });
  assert.deepEqual(heard, ["connecting", "lost"]);
});
