// Controls that a teacher leaves out: named in the address, gone from the page with their keys. The server is not touched.

/** @typedef {{name: string, title: string, selector: string}} Hideable */

/** @type {Hideable[]} */
export const HIDEABLE = [
  { name: "play", title: "Play button", selector: "#play" },
  { name: "step", title: "Step button", selector: "#step" },
  { name: "reset", title: "Reset button", selector: "#reset" },
  { name: "undo", title: "Undo and redo", selector: "#undo, #redo" },
  { name: "speed", title: "Speed", selector: "#field-speed" },
  { name: "learning_rate", title: "Learning rate", selector: "#field-learning-rate" },
  { name: "activation", title: "Activation", selector: "#field-activation, .layer-head select" },
  { name: "optimizer", title: "Optimizer", selector: "#field-optimizer" },
  { name: "layers", title: "Layers and neurons", selector: "#layer-count, .layer-head .stepper" },
  { name: "data_set", title: "Data set", selector: "#field-data-set" },
  { name: "noise", title: "Noise", selector: '[data-control="data.noise"]' },
  { name: "training_share", title: "Training share", selector: '[data-control="data.train_fraction"]' },
  { name: "batch_size", title: "Batch size", selector: '[data-control="training.batch_size"]' },
  { name: "features", title: "Input features", selector: "#field-features" },
  { name: "loss", title: "Loss", selector: "#field-loss" },
  { name: "initialization", title: "Weight initialization", selector: "#field-initialization" },
  { name: "clip", title: "Gradient clip", selector: "#field-clip" },
  { name: "regularization", title: "Regularization and all under More", selector: "#field-more" },
  { name: "test_points", title: "Test points", selector: "label:has(#test-points)" },
  { name: "discretize", title: "Discretize output", selector: "label:has(#discretize)" },
  { name: "draw", title: "Draw points", selector: "#draw-points" },
  { name: "files", title: "File and share", selector: "#files, #share" },
  { name: "open_in_full", title: "Open in full", selector: "#open-in-full" },
  { name: "setup", title: "The whole setup", selector: "#setup, .tabs [href='#setup']" },
  { name: "lab", title: "The gradient lab", selector: "#lab, .tabs [href='#lab']" },
];

/** @type {CSSStyleSheet | null} */
let sheet = null;

/** Leave these out, and only these; names that are not known are nobody's. @param {string[]} names */
export function hideControls(names) {
  const hidden = HIDEABLE.filter(({ name }) => names.includes(name));
  if (!sheet) {
    sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  sheet.replaceSync(hidden.map(({ selector }) => `:is(${selector}) { display: none !important; }`).join("\n"));
  document.body.dataset.hide = hidden.map(({ name }) => name).join(" ");
}

/** Is this control not on the page? @param {string} name */
export function isLeftOut(name) {
  return (document.body.dataset.hide ?? "").split(" ").includes(name);
}

/** @typedef {{embed: boolean, hide: string[]}} Options what an address says of the page itself */

/** What this page's address asks for. @returns {Options} */
export function asked() {
  const query = new URLSearchParams(location.search);
  return { embed: query.get("embed") === "1", hide: (query.get("hide") ?? "").split(",").filter(Boolean) };
}

/** As the address says: framed or not, and without what it leaves out. */
export function applyAddress() {
  const { embed, hide } = asked();
  hideControls(hide);
  if (!embed) return;
  document.body.dataset.embed = "";
  const full = /** @type {HTMLAnchorElement | null} */ (document.getElementById("open-in-full"));
  // The page's own address holds the experiment as it is: it is read when the link is reached for.
  for (const reached of ["pointerenter", "focus", "click", "auxclick"]) {
    full?.addEventListener(reached, () => {
      full.href = addressOf(location.pathname, location.hash);
    });
  }
}

/**
 * A path or a whole address with these options.
 *
 * @param {string} base without query and hash
 * @param {string} hash with its `#`
 * @param {Partial<Options>} [options]
 */
export function addressOf(base, hash, { embed = false, hide = [] } = {}) {
  const query = [embed ? "embed=1" : "", hide.length > 0 ? `hide=${hide.join(",")}` : ""].filter(Boolean).join("&");
  return `${base}${query ? `?${query}` : ""}${hash}`;
}

/** What a link of others says of the page. @param {{hide: string[], view: {testPoints: boolean, discretize: boolean} | null}} link */
export function showAsLinked({ hide, view }) {
  if (hide.length > 0) {
    history.replaceState(null, "", addressOf(location.pathname, location.hash, { ...asked(), hide }));
    hideControls(hide);
  }
  for (const [id, on] of Object.entries(view ? { "test-points": view.testPoints, discretize: view.discretize } : {})) {
    const box = document.getElementById(id);
    if (!(box instanceof HTMLInputElement) || box.checked === on) continue;
    box.checked = on;
    box.dispatchEvent(new Event("change"));
  }
}
