// Experiments in a link: written, read back, refused where they are broken.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";

import { ShareError, experimentIn, hashOf } from "../../static/js/flow/share.js";

const EXPERIMENT = { seed: 3, data: { name: "spiral", noise: 0.1 }, note: "x₁² — ‖δ‖" };

test("an experiment comes back out of its link", async () => {
  const hash = await hashOf(EXPERIMENT);
  assert.match(hash, /^#e=[A-Za-z0-9_-]+$/);
  assert.deepEqual(await experimentIn(hash), EXPERIMENT);
});

test("a link packed by another program is read", async () => {
  const packed = deflateRawSync(JSON.stringify(EXPERIMENT)).toString("base64url");
  assert.deepEqual(await experimentIn(`#e=${packed}`), EXPERIMENT);
});

test("a link written by hand holds plain JSON", async () => {
  assert.deepEqual(await experimentIn(`#experiment=${encodeURIComponent('{"seed": 5}')}`), { seed: 5 });
});

test("other hashes are nobody's experiment", async () => {
  for (const hash of ["", "#", "#network", "#e=", "#other=1"]) assert.equal(await experimentIn(hash), null);
});

test("a link that was cut short is refused with words", async () => {
  const hash = await hashOf(EXPERIMENT);
  for (const broken of [hash.slice(0, -6), "#e=!!!", "#experiment={", "#experiment=%E0%A4%A"]) {
    await assert.rejects(() => experimentIn(broken), ShareError);
  }
});

test("a small link that unpacks to many megabytes is refused", async () => {
  const bomb = deflateRawSync(Buffer.alloc(40 << 20, 0x20)).toString("base64url");
  await assert.rejects(() => experimentIn(`#e=${bomb}`), ShareError);
});
