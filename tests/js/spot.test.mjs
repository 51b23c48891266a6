// Where an explanation stands.

import assert from "node:assert/strict";
import { test } from "node:test";

import { spotFor } from "../../static/js/controls/spot.js";

const screen = { width: 1000, height: 600 };
const tip = { width: 300, height: 200 };
const word = (left, top) => ({ left, right: left + 60, top, bottom: top + 20 });

test("below its word, else above, within the screen", () => {
  assert.deepEqual(spotFor(tip, word(100, 100), null, screen), { left: 100, top: 128, height: 200 });
  assert.deepEqual(spotFor(tip, word(900, 500), null, screen), { left: 692, top: 292, height: 200 });
});

test("beside the form, where there is room", () => {
  const form = { left: 0, right: 240, top: 0, bottom: 600 };
  assert.deepEqual(spotFor(tip, word(20, 500), form, screen), { left: 248, top: 392, height: 200 });
  assert.deepEqual(spotFor(tip, word(20, 100), { ...form, right: 800 }, screen), { left: 20, top: 128, height: 200 });
});

test("what is taller than the room gets the larger side of its word, and scrolls", () => {
  const tall = { width: 300, height: 500 };
  assert.deepEqual(spotFor(tall, word(20, 350), null, screen), { left: 20, top: 8, height: 334 });
  assert.deepEqual(spotFor(tall, word(20, 200), null, screen), { left: 20, top: 228, height: 364 });
});

test("over a word as high as the screen it is still tall enough to read", () => {
  const { height, top } = spotFor(tip, { left: 0, right: 900, top: 10, bottom: 590 }, null, screen);
  assert.deepEqual([height, top], [140, 452]);
});
