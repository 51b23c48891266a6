// Scales, ticks, thinning, and what the ranges of the pictures follow from.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  codeExponent, codeShades, flowDecades, logShare, logTicks, lossRange, movedBy, ratioKind, steady, thin, ticks,
} from "../../static/js/draw/scale.js";

/** The wire's code of a norm, as the contract words it. */
const code = (value) => 1 + Math.round(((Math.log10(value) + 30) / 32) * 253);

test("norm codes run from 10^-30 to 10^2", () => {
  assert.equal(codeExponent(1), -30);
  assert.equal(codeExponent(254), 2);
  // One code is 32/253 of a decade, so decoding is off by at most half of that.
  assert.ok(Math.abs(codeExponent(code(1e-6)) + 6) <= 16 / 253);
});

test("logShare places by decades, clips, and has no place for what is not finite", () => {
  const decades = { low: -6, high: 2 };
  assert.equal(logShare(1e-2, decades), 0.5);
  assert.equal(logShare(1e-9, decades), 0);
  assert.equal(logShare(1e9, decades), 1);
  assert.equal(logShare(0, decades), 0);
  assert.ok(Number.isNaN(logShare(Number.NaN, decades)));
  assert.ok(Number.isNaN(logShare(Number.POSITIVE_INFINITY, decades)));
});

test("shades follow the decades and never fall as the norm grows", () => {
  const shades = codeShades({ low: -6, high: 1 }, new Uint8Array(256));
  assert.equal(shades[code(1e-7)], 0);
  assert.equal(shades[code(1e2)], 255);
  for (let index = 2; index < 255; index += 1) assert.ok(shades[index] >= shades[index - 1]);
});

test("colours span 10^-6 to 10 as long as the largest gradient lies near 1, however deep the others have sunk", () => {
  assert.deepEqual(flowDecades([code(0.5), code(1e-20)], [0.5, 1e-20]), { low: -6, high: 1 });
  assert.deepEqual(flowDecades([], []), { low: -6, high: 1 });
});

test("colours go up to 10^2 when gradients explode", () => {
  assert.deepEqual(flowDecades([code(50), code(1)], [50, 1]), { low: -5, high: 2 });
});

test("colours go down together when every norm is small, so that a flat row of them looks flat", () => {
  // The largest is 1e-15: two-decade steps up to 10^-14, plus one, and seven decades down.
  assert.deepEqual(flowDecades([], [1e-15, 9e-16]), { low: -20, high: -13 });
});

test("one spike among hundreds does not recolour the history", () => {
  const map = new Uint8Array(500).fill(code(0.1));
  map[7] = code(90);
  assert.deepEqual(flowDecades(map, [0.1]), { low: -6, high: 1 });
});

test("zero and what is not finite do not count as sizes", () => {
  assert.deepEqual(flowDecades([0, 255, 255], [0, Number.NaN, Number.POSITIVE_INFINITY]), { low: -6, high: 1 });
});

test("ticks are round and lie inside", () => {
  assert.deepEqual(ticks(-6, 6, 4), [-5, 0, 5]);
  assert.deepEqual(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks(3, 3, 4), []);
});

test("logarithmic ticks are decades, with 2 and 5 between them when there are too few", () => {
  assert.deepEqual(logTicks(-2, 0, 3), [0.01, 0.1, 1]);
  assert.deepEqual(logTicks(-4, 0, 3), [0.0001, 0.01, 1]);
  assert.deepEqual(logTicks(Math.log10(0.4), Math.log10(0.6), 4), [0.5]);
});

test("labels keep their distance, and the first and the last stay", () => {
  assert.deepEqual(thin(4, 30, 15), [1, 2, 3, 4]);
  // 31 rows of 6.8 px, 15 px a label: every fifth; 30 would touch 31.
  assert.deepEqual(thin(31, 6.8, 15), [1, 5, 10, 15, 20, 25, 31]);
  assert.deepEqual(thin(2, 3, 15), [2]);
  assert.deepEqual(thin(0, 3, 15), []);
  assert.deepEqual(thin(1, 3, 15), [1]);
});

test("no two labels of any depth touch", () => {
  for (let count = 2; count <= 65; count += 1) {
    const spacing = 200 / count;
    const kept = thin(count, spacing, 15);
    kept.slice(1).forEach((label, index) => assert.ok((label - kept[index]) * spacing >= 14.99, `${count}: ${kept}`));
  }
});

test("a steady size keeps still while the quantity wanders below it", () => {
  assert.equal(steady(0.6, 0), 1);
  assert.equal(steady(2.1, 0), 3);
  assert.equal(steady(4.2, 0), 6);
  assert.equal(steady(1.6, 3), 3);
  assert.equal(steady(1.2, 3), 1.5);
  assert.equal(steady(Number.POSITIVE_INFINITY, 2), 2);
});

test("the loss axis reaches outward to 1, 2 or 5 and spans a decade at least", () => {
  const near = ({ low, high }, wanted) => assert.ok(Math.abs(low - Math.log10(wanted[0])) < 1e-9 && Math.abs(high - Math.log10(wanted[1])) < 1e-9, `${low} ${high}`);
  near(lossRange([[0.69, 0.0079], [0.7]]), [0.005, 1]);
  near(lossRange([[0.69, 0.65]]), [0.1, 1]);
  near(lossRange([[1.02, 0.03]]), [0.02, 2]);
  near(lossRange([[Number.NaN, 0]]), [0.1, 1]);
});

test("an update ratio is healthy between 10^-4 and 10^-2", () => {
  const band = { low: -4, high: -2 };
  assert.deepEqual([1e-5, 1e-3, 0.1, Number.NaN, 0].map((ratio) => ratioKind(ratio, band)), ["low", "healthy", "high", "none", "low"]);
});

test("an axis moves by the share of it that is new", () => {
  assert.equal(movedBy(0, 900, 1000, 300), 30);
  assert.equal(movedBy(500, 1000, 1500, 300), 150);
  assert.equal(movedBy(0, 1000, 10, 300), -29700);
  assert.equal(movedBy(0, 0, 0, 300), 0);
});
