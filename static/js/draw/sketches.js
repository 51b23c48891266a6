/** Little pictures of data sets and features: points and maps, the same every time. Pure. */

/**
 * @typedef {object} Sketch
 * @property {"points" | "values" | "curve" | "pixels" | "table"} kind
 * @property {number[]} [x] to the right, −1…1
 * @property {number[]} [y] upwards, −1…1
 * @property {number[]} [c] class, or value −1…1
 * @property {string[]} [rows] pixels as digits 0…9
 */

/** Numerical Recipes' linear congruential generator: a picture must not change with every visit. @param {number} seed */
function stream(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  /** Sum of three: near enough to a bell for a thumbnail. */
  const bell = () => (uniform() + uniform() + uniform()) * 2 - 3;
  return { uniform, bell };
}

/** @typedef {ReturnType<typeof stream>} Stream */
/** @typedef {{x: number[], y: number[], c: number[]}} Cloud */

/**
 * @param {number} count
 * @param {(index: number) => [number, number, number]} point
 * @returns {Cloud}
 */
function cloud(count, point) {
  /** @type {Cloud} */
  const out = { x: [], y: [], c: [] };
  for (let index = 0; index < count; index += 1) {
    const [x, y, c] = point(index);
    out.x.push(x);
    out.y.push(y);
    out.c.push(c);
  }
  return out;
}

/**
 * @param {Stream} random
 * @param {[number, number, number][]} centres x, y, spread
 * @param {number} count
 */
function clusters({ bell }, centres, count) {
  return cloud(count, (index) => {
    const [x, y, spread] = centres[index % centres.length];
    return [x + bell() * spread, y + bell() * spread, index % centres.length];
  });
}

/** @type {Record<string, (random: Stream) => Sketch>} */
const SKETCHES = {
  circle: ({ uniform }) => ({
    kind: "points",
    ...cloud(64, (index) => {
      const outer = index % 2 === 0;
      const radius = outer ? 0.66 + 0.24 * uniform() : 0.42 * Math.sqrt(uniform());
      const angle = 2 * Math.PI * (outer ? (index + uniform()) / 64 : uniform());
      return [radius * Math.cos(angle), radius * Math.sin(angle), outer ? 0 : 1];
    }),
  }),
  xor: ({ uniform }) => ({
    kind: "points",
    ...cloud(64, (index) => {
      const x = (index & 1 ? 1 : -1) * (0.1 + 0.8 * uniform());
      const y = (index & 2 ? 1 : -1) * (0.1 + 0.8 * uniform());
      return [x, y, x * y > 0 ? 1 : 0];
    }),
  }),
  gauss: (random) => ({ kind: "points", ...clusters(random, [[-0.42, -0.42, 0.22], [0.42, 0.42, 0.22]], 56) }),
  spiral: () => ({
    kind: "points",
    ...cloud(76, (index) => {
      const along = 0.06 + 0.94 * (Math.floor(index / 2) / 37);
      const angle = 1.75 * along * 2 * Math.PI + (index % 2 === 0 ? 0 : Math.PI);
      return [0.9 * along * Math.sin(angle), 0.9 * along * Math.cos(angle), index % 2 === 0 ? 1 : 0];
    }),
  }),
  moons: ({ bell }) => ({
    kind: "points",
    ...cloud(60, (index) => {
      const angle = Math.PI * (Math.floor(index / 2) / 29);
      const upper = index % 2 === 0;
      const x = upper ? Math.cos(angle) - 0.5 : 0.5 - Math.cos(angle);
      const y = upper ? Math.sin(angle) - 0.22 : 0.22 - Math.sin(angle);
      return [0.6 * x + 0.02 * bell(), 0.62 * y + 0.03 * bell(), upper ? 0 : 1];
    }),
  }),
  checkerboard: ({ uniform }) => ({
    kind: "points",
    ...cloud(96, (index) => {
      const column = index % 4;
      const row = Math.floor(index / 4) % 4;
      const x = (column + 0.12 + 0.76 * uniform()) / 2 - 1;
      const y = (row + 0.12 + 0.76 * uniform()) / 2 - 1;
      return [0.92 * x, 0.92 * y, (column + row) % 2];
    }),
  }),
  blobs: (random) => ({ kind: "points", ...clusters(random, [[-0.5, -0.4, 0.17], [0.5, -0.3, 0.17], [0.02, 0.5, 0.17]], 60) }),
  iris: (random) => ({ kind: "points", ...clusters(random, [[-0.6, -0.5, 0.12], [0.12, 0.12, 0.16], [0.55, 0.52, 0.17]], 57) }),
  wine: (random) => ({ kind: "points", ...clusters(random, [[0.5, 0.45, 0.18], [-0.05, -0.5, 0.19], [-0.55, 0.3, 0.17]], 57) }),
  breast_cancer: (random) => ({ kind: "points", ...clusters(random, [[0.34, 0.26, 0.34], [-0.42, -0.36, 0.2]], 60) }),
  plane: ({ uniform }) => ({
    kind: "values",
    ...cloud(70, () => {
      const x = 0.9 * (2 * uniform() - 1);
      const y = 0.9 * (2 * uniform() - 1);
      return [x, y, (x + y) / 1.8];
    }),
  }),
  multi_gauss: ({ uniform }) => ({
    kind: "values",
    ...cloud(110, () => {
      const x = 0.92 * (2 * uniform() - 1);
      const y = 0.92 * (2 * uniform() - 1);
      let value = 0;
      for (const [cx, cy, sign] of [[-0.65, 0.4, 1], [0, 0.4, -1], [0.65, 0.4, 1], [-0.65, -0.4, -1], [0, -0.4, 1], [0.65, -0.4, -1]]) {
        value += sign * Math.max(0, 1 - Math.hypot(x - cx, y - cy) / 0.36);
      }
      return [x, y, value];
    }),
  }),
  sine: ({ bell }) => ({
    kind: "curve",
    ...cloud(44, (index) => {
      const x = -0.92 + (1.84 * index) / 43;
      const value = Math.sin(x * 4.6);
      return [x, 0.62 * value + 0.04 * bell(), value];
    }),
  }),
  diabetes: ({ bell, uniform }) => ({
    kind: "values",
    ...cloud(60, () => {
      const x = 0.9 * (2 * uniform() - 1);
      const y = Math.max(-0.92, Math.min(0.92, 0.55 * x + 0.28 * bell()));
      return [x, y, y];
    }),
  }),
  digits: () => ({
    kind: "pixels",
    rows: ["00277200", "03911850", "00000760", "00038500", "00007820", "00000182", "02810590", "00388700"],
  }),
  csv: () => ({ kind: "table" }),
};

/**
 * @param {string} name of a data set; an unknown one gets the table
 * @returns {Sketch}
 */
export function datasetSketch(name) {
  const draw = SKETCHES[name] ?? SKETCHES.csv;
  return draw(stream(7));
}

export const SKETCHED = Object.keys(SKETCHES);

/** Each feature over the plane, x1 and x2 in −1…1, as a value of −1…1. */
/** @type {Record<string, (x1: number, x2: number) => number>} */
export const FEATURE_MAPS = {
  x1: (x1) => x1,
  x2: (_, x2) => x2,
  x1_squared: (x1) => x1 * x1,
  x2_squared: (_, x2) => x2 * x2,
  x1_x2: (x1, x2) => x1 * x2,
  sin_x1: (x1) => Math.sin(6 * x1),
  sin_x2: (_, x2) => Math.sin(6 * x2),
};
