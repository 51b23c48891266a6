// Frames as the server packs them, laid open as typed arrays; lying headers are refused.

import assert from "node:assert/strict";
import { test } from "node:test";

import { DecodeError, decode } from "../../static/js/flow/decode.js";

/** An attachment as DESIGN 3.4 describes it, packed by hand. */
function packed(header, bodies = [], { length } = {}) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((4 + text.length) / 8) * 8;
  const buffer = new ArrayBuffer(start + bodies.reduce((sum, body) => sum + body.byteLength, 0));
  new DataView(buffer).setUint32(0, length ?? start - 4, true);
  new Uint8Array(buffer).fill(0x20, 4, start);
  new Uint8Array(buffer).set(text, 4);
  let at = start;
  for (const body of bodies) {
    new Uint8Array(buffer).set(new Uint8Array(body.buffer, body.byteOffset, body.byteLength), at);
    at += body.byteLength;
  }
  return buffer;
}

/** A header whose first array starts where it ends: its own length decides the offset. */
function withArrays(entries) {
  const header = { step: 7, arrays: entries.map((entry) => ({ ...entry, offset: 1000 })) };
  const start = Math.ceil((4 + JSON.stringify(header).length) / 8) * 8;
  let at = start;
  header.arrays.forEach((entry, index) => {
    entry.offset = at;
    at += entries[index].bytes;
    delete entry.bytes;
  });
  // Offsets of fewer digits make the header shorter; spaces fill it up.
  return { header, start };
}

test("a header and two arrays come back as they were packed", () => {
  const losses = new Float64Array([0.25, -1e-30]);
  const bytes = new Uint8Array([0, 128, 255, 1]);
  const { header, start } = withArrays([
    { name: "curve", dtype: "float64", shape: [2], bytes: 16 },
    { name: "surface", dtype: "uint8", shape: [2, 2], bytes: 4 },
  ]);
  const text = JSON.stringify(header).padEnd(start - 4);
  const buffer = new ArrayBuffer(start + 20);
  new DataView(buffer).setUint32(0, text.length, true);
  new Uint8Array(buffer).set(new TextEncoder().encode(text), 4);
  new Float64Array(buffer, start, 2).set(losses);
  new Uint8Array(buffer, start + 16, 4).set(bytes);

  const packet = decode(buffer);

  assert.equal(packet.header.step, 7);
  assert.deepEqual(packet.arrays.curve, losses);
  assert.deepEqual(packet.arrays.surface, bytes);
  assert.equal(packet.arrays.curve.buffer, buffer, "a view, not a copy");
});

test("an array that is not aligned is copied instead of refused", () => {
  const header = { arrays: [{ name: "a", dtype: "float32", shape: [1], offset: 101 }] };
  const buffer = new ArrayBuffer(105);
  const text = JSON.stringify(header).padEnd(96);
  new DataView(buffer).setUint32(0, 96, true);
  new Uint8Array(buffer).set(new TextEncoder().encode(text), 4);
  new DataView(buffer).setFloat32(101, 1.5, true);
  assert.deepEqual(decode(buffer).arrays.a, new Float32Array([1.5]));
});

for (const [what, buffer] of [
  ["too few bytes", new ArrayBuffer(3)],
  ["a header longer than the attachment", packed({ arrays: [] }, [], { length: 5000 })],
  ["a header that is not JSON", new Uint8Array([2, 0, 0, 0, 0x7b, 0x7b]).buffer],
  ["a header without its arrays", packed({ step: 1 })],
  ["a header that is null", packed(null)],
  ["an unknown dtype", packed({ arrays: [{ name: "a", dtype: "int64", shape: [1], offset: 96 }] }, [new Uint8Array(99)])],
  ["a dtype that only every object has", packed({ arrays: [{ name: "a", dtype: "toString", shape: [1], offset: 96 }] }, [new Uint8Array(99)])],
  ["a negative size", packed({ arrays: [{ name: "a", dtype: "uint8", shape: [-1], offset: 96 }] }, [new Uint8Array(99)])],
  ["an offset within the header", packed({ arrays: [{ name: "a", dtype: "uint8", shape: [1], offset: 4 }] }, [new Uint8Array(99)])],
  ["an array beyond the end", packed({ arrays: [{ name: "a", dtype: "float64", shape: [99], offset: 96 }] }, [new Uint8Array(99)])],
]) {
  test(`${what} is refused with words`, () => {
    assert.throws(() => decode(buffer), DecodeError);
  });
}
