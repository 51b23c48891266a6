// What it means that the coach finds nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { silenceOf } from "../../static/js/controls/coach.js";

test("silence is health only where the coach has looked", () => {
  const told = (step, run_state, looked) => silenceOf({ step, run_state, lab: { looked } }).title;
  assert.equal(told(0, "idle", true), "Not trained yet");
  assert.equal(told(900, "paused", true), "Nothing wrong");
  assert.equal(told(900, "paused", false), "Not looked yet");
  assert.equal(told(900, "running", false), "Looking …");
  assert.equal(silenceOf({ step: 900, run_state: "paused" }).level, "quiet");
});
