// A TensorFlow Playground link as an experiment of ours: all 27 keys of its state, the `_hide` keys, and what has no counterpart.

/**
 * @typedef {object} Opened
 * @property {Record<string, unknown>} experiment
 * @property {string[]} hide controls to leave out, by our names
 * @property {{testPoints: boolean, discretize: boolean}} view
 * @property {string[]} said what is other here, a sentence each
 */

const NUMBERS = ["batchSize", "learningRate", "regularizationRate", "noise", "percTrainData"];
const SWITCHES = ["showTestData", "discretize", "x", "y", "xTimesY", "xSquared", "ySquared", "cosX", "sinX", "cosY", "sinY", "collectStats", "initZero", "hideText"];
/** What a key may say, and what that is here. @type {Record<string, Record<string, string>>} */
const NAMES = {
  activation: { relu: "relu", tanh: "tanh", sigmoid: "sigmoid", linear: "linear" },
  regularization: { none: "none", L1: "L1", L2: "L2" },
  dataset: { circle: "circle", xor: "xor", gauss: "gauss", spiral: "spiral" },
  regDataset: { "reg-plane": "plane", "reg-gauss": "multi_gauss" },
  problem: { classification: "classification", regression: "regression" },
};
const KEYS = new Set([...NUMBERS, ...SWITCHES, ...Object.keys(NAMES), "networkShape", "seed", "tutorial"]);

/** In the order of its input layer. @type {[string, string][]} */
const FEATURES = [
  ["x", "x1"], ["y", "x2"], ["xSquared", "x1_squared"], ["ySquared", "x2_squared"], ["xTimesY", "x1_x2"], ["sinX", "sin_x1"], ["sinY", "sin_x2"],
];
/** Its names of controls that a link can hide, and ours. @type {Record<string, string>} */
const HIDDEN = {
  showTestData: "test_points", discretize: "discretize", playButton: "play", stepButton: "step", resetButton: "reset", learningRate: "learning_rate",
  activation: "activation", regularization: "regularization", regularizationRate: "regularization", dataset: "data_set", problem: "data_set",
  percTrainData: "training_share", noise: "noise", batchSize: "batch_size", numHiddenLayers: "layers",
};

/** What it is without a word. */
const DEFAULTS = {
  numbers: { batchSize: 10, learningRate: 0.03, regularizationRate: 0, noise: 0, percTrainData: 50 },
  names: { activation: "tanh", regularization: "none", dataset: "circle", regDataset: "plane", problem: "classification" },
  shape: [4, 2],
};
const CLASSIFIED = 500;
const MEASURED = 1200;

/**
 * @param {string} text a whole link, or what stands behind its `#`
 * @returns {Opened | null} null where it is no such link
 */
export function fromTensorFlow(text) {
  const hash = text.slice(text.indexOf("#") + 1).trim();
  const given = new Map(hash.split("&").map((pair) => /** @type {[string, string]} */ (pair.split("=", 2))));
  if (![...given.keys()].some((key) => KEYS.has(key) || (key.endsWith("_hide") && key.slice(0, -5) in HIDDEN))) return null;
  /** @type {string[]} */
  const said = [];
  const has = (/** @type {string} */ key) => (given.get(key) ?? "").trim() !== "";

  const numbers = { ...DEFAULTS.numbers };
  for (const key of /** @type {(keyof typeof numbers)[]} */ (NUMBERS)) if (has(key)) numbers[key] = numberOf(key, given.get(key) ?? "", numbers[key], said);
  /** @type {Record<string, string>} */
  const names = { ...DEFAULTS.names };
  for (const [key, known] of Object.entries(NAMES)) {
    const name = given.get(key) ?? "";
    if (!has(key)) continue;
    if (Object.hasOwn(known, name)) names[key] = known[name];
    else said.push(`There is no ${key} “${name}”: it stays ${names[key]}.`);
  }
  const on = (/** @type {string} */ key, fallback = false) => (has(key) ? given.get(key) !== "false" : fallback);

  const regression = names.problem === "regression";
  const samples = regression ? MEASURED : CLASSIFIED;
  let features = FEATURES.filter(([key]) => on(key, key === "x" || key === "y")).map(([, name]) => name);
  if (features.length === 0) {
    features = ["x1"];
    said.push("A network needs an input: x₁ is switched on.");
  }
  if (on("cosX") || on("cosY")) said.push("Cosine features are named in its links, but it never had them; nor has this page.");
  const train = Math.floor((samples * numbers.percTrainData) / 100);
  if (train % numbers.batchSize !== 0) said.push("The last, smaller batch of a pass is used here at its end, not carried over into the next pass.");

  const rate = numbers.regularizationRate;
  if (names.regularization === "L1" && rate > 0) said.push("A weight that L1 brings to 0 may come back here; there it is cut for good.");
  if (on("collectStats")) said.push("No usage statistics are collected here.");
  if (has("tutorial")) said.push(`Its tutorial “${given.get("tutorial")}” is not here.`);
  if (on("hideText")) said.push("There is no article below this page to hide.");

  const initializer = on("initZero") ? { name: "zeros", bias: 0 } : { name: "uniform", limit: 0.5, bias: 0.1 };
  const units = shapeOf(given.get("networkShape"), said);
  const seed = (given.get("seed") ?? "").trim();
  if (seed !== "") said.push(`Its seed ${seed} deals points and weights of the same kind here, not the same numbers.`);
  said.push("A step here is one batch; there it is one pass over the data.");

  return {
    experiment: {
      seed: seedOf(seed),
      data: {
        name: regression ? names.regDataset : names.dataset,
        samples,
        noise: numbers.noise / 100,
        train_fraction: numbers.percTrainData / 100,
        standardize: false,
        features,
      },
      network: {
        hidden: units.map((count) => ({ units: count, activation: names.activation, initializer })),
        output: { activation: regression ? "linear" : "tanh", initializer },
      },
      training: {
        loss: regression ? "half_squared_error" : "signed_squared_error",
        optimizer: "sgd",
        learning_rate: numbers.learningRate,
        batch_size: numbers.batchSize,
        shuffle: false,
        l1: names.regularization === "L1" ? rate : 0,
        l2: names.regularization === "L2" ? rate : 0,
      },
    },
    hide: [...new Set(Object.entries(HIDDEN).filter(([key]) => given.get(`${key}_hide`) === "true").map(([, name]) => name))],
    view: { testPoints: on("showTestData"), discretize: on("discretize") },
    said,
  };
}

/** What a network can be trained with. @type {Record<string, [number, number]>} */
const BOUNDS = { batchSize: [1, 20000], learningRate: [1e-12, 1e6], regularizationRate: [0, 1000], noise: [0, 50], percTrainData: [1, 100] };

/**
 * @param {string} key
 * @param {string} text
 * @param {number} fallback
 * @param {string[]} said
 */
function numberOf(key, text, fallback, said) {
  const value = Number(text);
  if (!Number.isFinite(value)) {
    said.push(`${key} “${text}” is no number: it stays ${fallback}.`);
    return fallback;
  }
  const [low, high] = BOUNDS[key];
  const whole = key === "batchSize" ? Math.round(value) : value;
  const used = Math.min(high, Math.max(low, whole));
  if (used !== value) said.push(`${key} ${text} becomes ${used}, the nearest that can be used here.`);
  return used;
}

/** @param {string | undefined} text @param {string[]} said @returns {number[]} units of each hidden layer */
function shapeOf(text, said) {
  if (text === undefined) return DEFAULTS.shape;
  if (text.trim() === "") return [];
  const counts = text.split(",").map(Number);
  const good = counts.filter((count) => Number.isInteger(count) && count >= 1);
  if (good.length < counts.length) said.push(`networkShape “${text}” has layers without neurons: they are left out.`);
  return good;
}

/** A whole number from whatever its seed is: the digits of “0.12345”, else a hash of the text. @param {string} seed */
function seedOf(seed) {
  if (seed === "") return 0;
  const digits = /^0?\.(\d{1,15})$/.exec(seed);
  if (digits) return Number(digits[1]);
  let hash = 0x811c9dc5;
  for (const letter of seed) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
