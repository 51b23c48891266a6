// Views that are fetched after the first pictures.

import assert from "node:assert/strict";
import { test } from "node:test";

import { later } from "../../static/js/draw/later.js";

test("is fetched with the first slice, once, and drawn again when it is there", async () => {
  const [drawn, redrawn] = [[], []];
  let fetches = 0;
  let arrive;
  const draw = later(() => {
    fetches += 1;
    return new Promise((resolve) => (arrive = () => resolve((slice) => drawn.push(slice))));
  }, () => redrawn.push(drawn.length));
  assert.equal(fetches, 0);
  draw("first");
  draw("second");
  assert.deepEqual([fetches, drawn, redrawn], [1, [], []]);
  arrive();
  await new Promise(setImmediate);
  assert.deepEqual(redrawn, [0]);
  draw("third");
  assert.deepEqual([fetches, drawn], [1, ["third"]]);
});

test("says what went wrong where it draws, so that the loop can name the picture", async () => {
  let redrawn = 0;
  const draw = later(() => Promise.reject(new Error("no such file")), () => (redrawn += 1));
  draw("first");
  await new Promise(setImmediate);
  assert.equal(redrawn, 1);
  assert.throws(() => draw("second"), /no such file/);
});
