// From coded grids to pixels.
import assert from "node:assert/strict";
import { test } from "node:test";
import { contour, LOG_ODDS } from "../../static/js/draw/contour.js";
import {
  atlasLayout, columnsByStep, enlarge, paintAtlas, paintNorms, paintSigned, smooth,
} from "../../static/js/draw/raster.js";
import { codeShades } from "../../static/js/draw/scale.js";

const identity = Uint32Array.from({ length: 256 }, (_, index) => index);

test("an even grid stays even, at any factor", () => {
  for (const factor of [1, 2, 3, 4]) {
    const out = new Uint32Array((4 * factor) ** 2);
    enlarge(new Uint8Array(16).fill(77), 0, 4, factor, identity, out);
    assert.ok(out.every((value) => value === 77));
  }
});

test("samples are cell centres: enlarged threefold, the middle of each cell is the sample itself", () => {
  const codes = Uint8Array.of(10, 200, 30, 90, 250, 40, 120, 60, 0);
  const out = new Uint32Array(81);
  enlarge(codes, 0, 3, 3, identity, out);
  for (let row = 0; row < 3; row += 1) {
    for (let column = 0; column < 3; column += 1) assert.equal(out[(3 * row + 1) * 9 + 3 * column + 1], codes[3 * row + column]);
  }
});

test("a slope stays straight out to the border", () => {
  const row = [30, 120, 210];
  const out = new Float32Array(81);
  smooth(Float32Array.from([...row, ...row, ...row]), 0, 3, 3, out);
  // 90 a cell are 30 a pixel; the middle of the first cell, pixel 1, is 30, so pixel 0 is 0.
  out.slice(0, 9).forEach((value, index) => assert.ok(Math.abs(value - 30 * index) < 1e-3, `${index}: ${value}`));
  smooth(Float32Array.of(30, 30, 30, 120, 120, 120, 210, 210, 210), 0, 3, 3, out);
  for (let index = 0; index < 9; index += 1) assert.ok(Math.abs(out[9 * index + 4] - 30 * index) < 1e-3, `${index}`);
});

test("overshoot beside an edge is cut to the ramp", () => {
  const codes = Uint8Array.of(0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255);
  const out = new Uint32Array(16 * 9);
  enlarge(codes, 0, 4, 3, identity, out);
  assert.ok(out.every((value) => value >= 0 && value <= 255));
});

test("enlarging by one changes nothing", () => {
  const codes = Uint8Array.of(1, 2, 3, 4);
  const out = new Uint32Array(4);
  enlarge(codes, 0, 2, 1, identity, out);
  assert.deepEqual([...out], [1, 2, 3, 4]);
});

test("the atlas holds a column's maps below each other, a mosaic's side by side, one pixel apart", () => {
  const { blocks, width, height } = atlasLayout([2, 4], [1, 2], 3);
  assert.deepEqual(blocks, [
    { x: 0, across: 1, down: 2, units: 2, first: 0 },
    { x: 5, across: 2, down: 2, units: 4, first: 2 },
  ]);
  assert.equal(width, 5 + 9);
  assert.equal(height, 8);
  const tiles = Uint8Array.from({ length: 6 * 9 }, (_, index) => Math.floor(index / 9) + 1);
  const out = new Uint32Array(width * height);
  paintAtlas(tiles, 3, 1, blocks, width, identity, out);
  assert.equal(out[0], 1);
  assert.equal(out[3 * width], 0);
  assert.equal(out[4 * width], 2);
  assert.equal(out[5], 3);
  assert.equal(out[5 + 4], 4);
  assert.equal(out[4 * width + 5], 5);
  assert.equal(out[7 * width - 1 - 2], 6);
});

test("signed numbers fall left and right of the ramp's middle and are cut at its ends", () => {
  const out = new Uint32Array(5);
  paintSigned([0, 1, -1, 5, -5], 2, identity, out);
  assert.deepEqual([...out], [127, 191, 63, 255, 0]);
});

test("a pixel column shows the newest measurement at or before its step", () => {
  // Steps 0, 10, 30: 45 steps over 9 columns, 5 steps each.
  assert.deepEqual([...columnsByStep([0, 10, 30], new Uint16Array(9))], [0, 0, 1, 1, 1, 1, 2, 2, 2]);
  assert.deepEqual([...columnsByStep([7], new Uint16Array(3))], [0, 0, 0]);
});

test("the map has the output on top, and marks what has no place on the ramp", () => {
  // Two measurements of three layers, input side first.
  const codes = Uint8Array.of(100, 238, 0, 255, 238, 238);
  const shades = codeShades({ low: -6, high: 1 }, new Uint8Array(256));
  const out = new Uint32Array(6);
  const met = paintNorms(codes, 3, Uint16Array.of(0, 1), shades, identity, { zero: 7777, notFinite: 8888 }, out);
  assert.deepEqual(met, { zero: true, notFinite: true });
  assert.equal(out[0], 7777);
  assert.equal(out[4], 0);
  assert.equal(out[5], 8888);
  assert.equal(out[2], shades[238]);
});

test("the line lies where the level is crossed, halfway between 0 and 1 for 0.5", () => {
  const out = new Float32Array(40);
  // Left column 0, right column 1, two rows: one vertical segment at x = 0.5.
  assert.equal(contour(Float32Array.of(0, 1, 0, 1), 2, 2, 0.5, out), 1);
  assert.deepEqual([...out.slice(0, 4)], [0.5, 0, 0.5, 1]);
  assert.equal(contour(Float32Array.of(0, 0, 0, 0), 2, 2, 0.5, out), 0);
});

test("a corner is cut off between its two sides", () => {
  const out = new Float32Array(40);
  assert.equal(contour(Float32Array.of(1, 0, 0, 0), 2, 2, 0.25, out), 1);
  assert.deepEqual([...out.slice(0, 4)].map((value) => Math.round(value * 100) / 100), [0, 0.75, 0.75, 0]);
});

test("a saddle gives two lines, and a full buffer ends the search", () => {
  const saddle = Float32Array.of(1, 0, 0, 1);
  assert.equal(contour(saddle, 2, 2, 0.4, new Float32Array(40)), 2);
  assert.equal(contour(saddle, 2, 2, 0.4, new Float32Array(4)), 0);
});

test("every crossing of a circle lies on the circle", () => {
  const size = 33;
  const values = Float32Array.from({ length: size * size }, (_, index) => {
    const x = (index % size) - 16;
    const y = Math.floor(index / size) - 16;
    return x * x + y * y;
  });
  const out = new Float32Array(4 * 400);
  const count = contour(values, size, size, 100, out);
  assert.ok(count > 50);
  for (let index = 0; index < count * 4; index += 2) {
    const radius = Math.hypot(out[index] - 16, out[index + 1] - 16);
    // Straight interpolation of a parabola is off by at most h²/8 · f″ / f′ = 1/8 · 2/20.
    assert.ok(Math.abs(radius - 10) < 0.0126, String(radius));
  }
});

test("log-odds of the codes are odd about the middle and finite at the ends", () => {
  for (let code = 0; code < 128; code += 1) assert.ok(Math.abs(LOG_ODDS[code] + LOG_ODDS[255 - code]) < 1e-5);
  assert.ok(LOG_ODDS.every(Number.isFinite));
});
