// Where the network's columns and links go, which are drawn, and what lies under the pointer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkDistance, sizeQuantile, sizeThreshold, strength, strongestInto } from "../../static/js/draw/links.js";
import {
  cellAt, cellLeft, cellTop, columnAt, controlColumns, networkLayout, rightOf,
} from "../../static/js/draw/network_layout.js";
import { unitWords, wordsAt } from "../../static/js/draw/network_words.js";
import { columnUnits, unitAt, weightMatrices } from "../../static/js/draw/slice.js";

const size = { width: 780, height: 300 };
const near = (actual, wanted, within = 1e-6) => assert.ok(Math.abs(actual - wanted) <= within, `${actual} is not ${wanted}`);
/** Everything a layout draws lies inside its box, and no two columns touch. */
function inside({ columns }, width, height) {
  columns.forEach((column, index) => {
    assert.ok(column.left >= 0 && rightOf(column) <= width, `column ${index}: ${column.left} … ${rightOf(column)}`);
    const bottom = cellTop(column, column.units - 1) + column.high;
    assert.ok(column.top >= -0.01 && bottom <= height + 0.01, `column ${index}: ${column.top} … ${bottom}`);
    if (index > 0) assert.ok(column.left > rightOf(columns[index - 1]) - 0.01, `column ${index}`);
  });
}

test("up to 12 columns of 16 units everything is tiles and links, evenly spaced", () => {
  const layout = networkLayout({ units: [2, ...new Array(10).fill(16), 1], ...size });
  assert.equal(layout.focused, null);
  assert.ok(layout.columns.every((column) => column.form === "tiles"));
  assert.ok(layout.gaps.every((gap) => gap.kind === "links"));
  const apart = layout.columns[1].x - layout.columns[0].x;
  layout.columns.slice(1).forEach((column, index) => near(column.x - layout.columns[index].x, apart));
  inside(layout, 780, 300);
});

test("units of one column are centred on the middle of the picture", () => {
  const { columns } = networkLayout({ units: [2, 4, 1], ...size });
  for (const column of columns) near((column.top + cellTop(column, column.units - 1) + column.high) / 2, 150);
});

test("beyond 12 columns the focus and its neighbours are drawn, the others are slivers", () => {
  const layout = networkLayout({ units: [2, ...new Array(30).fill(8), 1], ...size, focus: 4 });
  assert.equal(layout.focused, 4);
  assert.deepEqual(layout.columns.flatMap((column) => (column.form === "tiles" ? [column.layer] : [])), [3, 4, 5]);
  assert.deepEqual(layout.gaps.flatMap((gap) => (gap.kind === "links" ? [gap.to] : [])), [3, 4, 5, 6]);
  assert.ok(layout.gaps.filter((gap) => gap.kind !== "links").every((gap) => gap.kind === "few"));
  inside(layout, 780, 300);
});

test("the focus stays on hidden layers", () => {
  const units = [2, ...new Array(30).fill(8), 1];
  assert.equal(networkLayout({ units, ...size, focus: 0 }).focused, 1);
  assert.equal(networkLayout({ units, ...size, focus: 99 }).focused, 30);
});

test("a column of more than 16 units is a mosaic beside matrices", () => {
  const layout = networkLayout({ units: [2, 64, 64, 1], ...size });
  assert.deepEqual(layout.columns.map((column) => column.form), ["tiles", "mosaic", "mosaic", "tiles"]);
  assert.deepEqual(layout.gaps.map((gap) => gap.kind), ["matrix", "matrix", "matrix"]);
  assert.equal(layout.columns[1].across, 8);
  near(layout.gaps[1].wide, layout.gaps[1].high);
  inside(layout, 780, 300);
});

test("many wide columns use the height of a projector's picture, and keep room for their controls", () => {
  const units = [2, ...new Array(10).fill(32), 1];
  const layout = networkLayout({ units, width: 1100, height: 380 });
  inside(layout, 1100, 380);
  for (const column of layout.columns.slice(1, -1)) {
    assert.ok(column.pitchY * Math.ceil(32 / column.across) > 0.6 * 380, `only ${column.pitchY} px a map`);
    assert.ok(column.room >= 80, `only ${column.room} px for the controls`);
  }
});

test("weights that came pooled are an image even between few units", () => {
  const layout = networkLayout({ units: [2, 8, 1], ...size, pooled: [true, false] });
  assert.deepEqual(layout.gaps.map((gap) => gap.kind), ["matrix", "links"]);
});

test("every net within the limits fits, on a desk and on a phone", () => {
  const nets = [[2, 1], [7, 1], [2, 4, 2, 1], [64, 32, 10], [30, 512, 512, 3], [2, ...new Array(64).fill(512), 1],
    [1000, ...new Array(64).fill(8), 10], [2, ...new Array(11).fill(16), 1], [2, 8, 8, 8, 8, 8, 8, 8, 8, 1]];
  for (const units of nets) {
    for (const [width, height] of [[780, 300], [350, 210], [1150, 420]]) inside(networkLayout({ units, width, height, focus: 3 }), width, height);
  }
});

test("a cell is found by its place, and nothing between the cells", () => {
  const layout = networkLayout({ units: [2, 64, 3, 1], ...size });
  for (const [layer, unit] of [[0, 1], [1, 37], [2, 2], [3, 0]]) {
    const column = layout.columns[layer];
    const x = cellLeft(column, unit) + column.wide / 2;
    const y = cellTop(column, unit) + column.high / 2;
    assert.deepEqual(cellAt(layout, x, y), { layer, unit });
    assert.equal(columnAt(layout, x), layer);
  }
  assert.equal(cellAt(layout, layout.columns[0].left - 20, 150), null);
});

test("controls stand over full columns only", () => {
  const kinds = controlColumns(networkLayout({ units: [2, ...new Array(20).fill(8), 1], ...size, focus: 10 })).map((column) => column.kind);
  assert.equal(kinds.filter((kind) => kind === "full").length, 3);
  assert.equal(kinds[10], "full");
});

test("a link's distance is zero on it: at both ends and in the middle of its bend", () => {
  near(linkDistance(0, 0, 0, 0, 100, 80), 0);
  near(linkDistance(100, 80, 0, 0, 100, 80), 0);
  near(linkDistance(50, 40, 0, 0, 100, 80), 0);
  near(linkDistance(30, 7, 0, 0, 100, 0), 7);
  assert.equal(linkDistance(-1, 0, 0, 0, 100, 80), Number.POSITIVE_INFINITY);
});

test("any point of the drawn curve has distance zero", () => {
  for (let t = 0; t <= 1; t += 0.05) {
    // The cubic as canvas draws it: handles at half way, level with the ends.
    const x = 3 * t * (1 - t) ** 2 * 60 + 3 * t * t * (1 - t) * 60 + t ** 3 * 120;
    const y = 3 * t * t * (1 - t) * 90 + t ** 3 * 90;
    near(linkDistance(x, y, 0, 0, 120, 90), 0, 1e-3);
  }
});

test("the quantile passes over a single large weight", () => {
  const values = new Float32Array(1000).fill(0.5);
  values[3] = -40;
  // Bins are 40/127 wide: the answer is the upper end of the one that holds 0.5.
  near(sizeQuantile([values], 0.985), (2 * 40) / 127, 1e-6);
  near(sizeQuantile([values], 1), 40);
  assert.equal(sizeQuantile([new Float32Array(4)], 0.9), 0);
});

test("no more links than the budget are kept, and they are the strongest", () => {
  const values = Float32Array.from({ length: 1000 }, (_, index) => (index % 2 ? 1 : -1) * index);
  const threshold = sizeThreshold(values, 100);
  const kept = values.filter((value) => Math.abs(value) >= threshold);
  assert.ok(kept.length <= 100 && kept.length >= 80, String(kept.length));
  assert.equal(sizeThreshold(values, 1000), 0);
});

test("strength is cut at the reference, and what is not finite is as strong as can be", () => {
  // (1/16)^0.75 = 2^-3
  assert.deepEqual([0, -1, 40, Number.NaN].map((weight) => strength(weight, 16)), [0, 0.125, 1, 1]);
});

test("the strongest incoming link of each unit is found by size", () => {
  assert.deepEqual([...strongestInto([1, -9, 3, -4, 2, 2], 3, 2, new Uint16Array(2))], [1, 0]);
});

const network = { inputs: ["x1", "x2"], layers: [{ units: 3, activation: "tanh" }, { units: 1, activation: "linear" }], tile: 0 };
// W1 (2, 3), b1 (3), W2 (3, 1), b2 (1)
const flat = Float32Array.of(1, 2, 3, 4, 5, 6, 0.1, 0.2, 0.25, 7, 8, 9, -0.5);

test("flat weights are cut into matrices and biases, layer by layer", () => {
  const { matrices, biases } = weightMatrices({ header: { step: 0, network }, arrays: { weights: flat } });
  assert.deepEqual(matrices.map(({ rows, columns, pooled }) => [rows, columns, pooled]), [[2, 3, false], [3, 1, false]]);
  assert.deepEqual([...matrices[1].values], [7, 8, 9]);
  assert.deepEqual([...biases[1]], [-0.5]);
});

test("pooled matrices say that they are", () => {
  const header = {
    step: 0,
    network: { inputs: ["a"], layers: [{ units: 64, activation: "relu" }, { units: 2, activation: "linear" }] },
    arrays: [{ name: "weight_matrix_1", shape: [1, 32] }, { name: "weight_matrix_2", shape: [32, 2] }],
  };
  const arrays = { weight_matrix_1: new Float32Array(32), weight_matrix_2: new Float32Array(64), biases: new Float32Array(66) };
  const { matrices, biases } = weightMatrices({ header, arrays });
  assert.deepEqual(matrices.map((matrix) => matrix.pooled), [true, true]);
  assert.deepEqual(biases.map((own) => own.length), [64, 2]);
  assert.equal(weightMatrices({ header, arrays: {} }), null);
});

test("tiles are counted through the columns, the inputs first", () => {
  assert.deepEqual(columnUnits(network), [2, 3, 1]);
  assert.deepEqual(unitAt([2, 3, 1], 4), { layer: 1, unit: 2 });
  assert.equal(unitAt([2, 3, 1], 6), null);
});

test("neuron and link are named with their numbers", () => {
  const weights = weightMatrices({ header: { step: 0, network }, arrays: { weights: flat } });
  assert.deepEqual(unitWords(network, weights, { layer: 1, unit: 2 }), ["layer 1, neuron 3", "bias 0.25 · tanh"]);
  assert.deepEqual(unitWords(network, weights, { layer: 0, unit: 0 }), ["input x1"]);
  const layout = networkLayout({ units: [2, 3, 1], ...size });
  const { left } = layout.gaps[1];
  const from = layout.columns[1];
  // Just right of the first hidden unit: its link to the output is weight W2[0].
  assert.deepEqual(wordsAt(layout, network, weights, left + 1, from.top + from.high / 2), ["weight 7", "from layer 1, neuron 1", "to output 1"]);
  assert.equal(wordsAt(layout, network, weights, left + 1, 1), null);
});

test("a matrix's cell is named by its row and its column", () => {
  const wide = { inputs: ["x1", "x2"], layers: [{ units: 20, activation: "relu" }, { units: 1, activation: "linear" }] };
  const values = Float32Array.from({ length: 2 * 20 + 20 + 20 + 1 }, (_, index) => index);
  const weights = weightMatrices({ header: { step: 0, network: wide }, arrays: { weights: values } });
  const layout = networkLayout({ units: [2, 20, 1], ...size });
  const gap = layout.gaps[0];
  const x = gap.x + (gap.wide * 4.5) / 20;
  const y = gap.y + (gap.high * 1.5) / 2;
  // Row 1, column 4 of (2, 20) is 24.
  assert.deepEqual(wordsAt(layout, wide, weights, x, y), ["weight 24", "from input x2", "to layer 1, neuron 5"]);
});
