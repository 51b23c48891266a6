/** The gradient lab as one table: which quantity its panels show, which layer is pointed at, and its panels for the loop. */

import { bandWords } from "../draw/band.js";
import { create, setText } from "../draw/dom.js";
import { compact, layerName } from "../draw/format.js";
import { later } from "../draw/later.js";
import { DISTRIBUTIONS, QUANTITIES, quantityOf, slopeSentence } from "../draw/quantities.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {{name: string, interval_ms: number, heavy?: boolean, place: HTMLElement | null, draw: (slice: Slice) => void}} LabPanel */

/**
 * @param {HTMLElement} section
 * @param {{redraw: (panel: string) => void, watch: (instruments: string[]) => void}} hooks
 */
export function mountLab(section, hooks) {
  /** @type {Required<Pick<Slice, "labQuantity" | "labDistribution">> & {labLayer: number | null}} what the panels share */
  const shared = { labQuantity: QUANTITIES[0].name, labDistribution: DISTRIBUTIONS[0].name, labLayer: null };
  /** @param {string} id */
  const part = (id) => /** @type {HTMLElement} */ (section.querySelector(`#${id}`));
  const shows = () => section.dataset.show ?? "all";

  // Names stand once in a view: beside the panel that comes first.
  const onLayer = point;
  /** @param {string} name @param {string} id @param {() => Promise<(slice: Slice) => void>} fetched @param {Partial<LabPanel>} pace @returns {LabPanel} */
  const fetchedPanel = (name, id, fetched, pace) => ({ name, interval_ms: 0, ...pace, place: part(id), draw: later(fetched, () => hooks.redraw(name)) });
  const profile = later(async () => (await import("./profile.js")).mount(part("lab-profile"), { onLayer, named: () => shows() !== "all" }), () => hooks.redraw("profile"));
  /** @type {LabPanel[]} */
  const panels = [
    fetchedPanel("gradients", "lab-map", async () => (await import("./gradients.js")).mount(part("lab-map"), { onLayer }), { interval_ms: 180, heavy: true }),
    { name: "profile", interval_ms: 150, place: section, draw: both },
    fetchedPanel("curves", "lab-curves", async () => (await import("./curves.js")).mount(part("lab-curves"), { onLayer }), { interval_ms: 200, heavy: true }),
    fetchedPanel("activations", "lab-ridges", async () => (await import("./distributions.js")).mount(part("lab-ridges"), { onLayer, onAge: (age) => setText(part("lab-ridges-note"), age), named: () => shows() === "histograms" || document.documentElement.dataset.present === "units" }), { interval_ms: 120, heavy: true }),
    fetchedPanel("shares", "lab-shares", async () => (await import("./shares.js")).mount(part("lab-shares"), { onLayer }), { interval_ms: 250 }),
    fetchedPanel("ratio", "lab-ratio", async () => (await import("./ratio.js")).mount(part("lab-ratio"), { onLayer }), { interval_ms: 120 }),
    { name: "compared-loss", interval_ms: 200, heavy: true, place: part("lab-compared-loss"), draw: whenCompared(async () => (await import("./compared_loss.js")).mount(part("lab-compared-loss")), () => hooks.redraw("compared-loss")) },
    { name: "compared-layers", interval_ms: 150, place: part("lab-compared-layers"), draw: whenCompared(async () => (await import("./compared_layers.js")).mount(part("lab-compared-layers"), { onLayer }), () => hooks.redraw("compared-layers")) },
    fetchedPanel("table", "lab-table", async () => (await import("./gradient_table.js")).mount(part("lab-table")), { interval_ms: 500 }),
  ];

  /** The sentence and the picture's head say the same slope: of one frame. @param {Slice} slice */
  function both(slice) {
    readout(slice);
    profile(slice);
  }

  const line = part("lab-line");
  const text = create("span");
  line.append(text);
  const noted = part("lab-profile-note");
  /** @type {Slice} */
  let latest = {};

  /** @param {Slice} slice */
  function readout(slice) {
    latest = slice;
    const quantity = quantityOf(shared.labQuantity);
    const norms = slice.arrays?.[quantity.name];
    const layers = slice.arrays?.delta_norm?.length ?? 0;
    if (shared.labLayer !== null && shared.labLayer > layers) shared.labLayer = null;
    const layer = shared.labLayer;
    const own = layer === null ? slopeSentence(quantity, norms, slice.header?.lab?.theory) : layerWords(slice, layer, layers);
    const seeds = slice.header?.lab?.band?.seeds ?? 0;
    setText(noted, seeds > 0 && quantity.name === "delta_norm" ? `10–90 % of ${seeds} seeds` : "");
    noted.title = bandWords(seeds);
    const broken = slice.header?.diverged?.layer;
    const first = broken ? `${layerName(broken, layers)} broke first. ` : "";
    setText(text, `${first}${own || `${quantity.word}: ${quantity.meaning}`}`);
    // Where it is cut, the whole of it is under the pointer.
    line.title = `${own ? `${text.textContent}. ` : ""}${quantity.word}: ${quantity.meaning}. Arrow keys go through the layers.`;
    line.setAttribute("aria-valuemax", String(Math.max(1, layers)));
    line.setAttribute("aria-valuenow", String(layer ?? Math.max(1, layers)));
    line.setAttribute("aria-valuetext", layer === null ? own || "no layer chosen" : own);
  }

  /** @param {number | null} layer */
  function point(layer) {
    if (layer === shared.labLayer) return;
    shared.labLayer = layer;
    for (const { name } of panels) hooks.redraw(name);
    readout(latest);
  }

  line.addEventListener("keydown", (event) => {
    const layers = latest.arrays?.delta_norm?.length ?? 0;
    if (layers === 0) return;
    const now = shared.labLayer;
    const next = { ArrowUp: (now ?? 0) + 1, ArrowRight: (now ?? 0) + 1, ArrowDown: (now ?? layers + 1) - 1, ArrowLeft: (now ?? layers + 1) - 1, Home: 1, End: layers }[event.key];
    if (next === undefined && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    point(next === undefined ? null : Math.min(layers, Math.max(1, next)));
  });
  line.addEventListener("blur", () => point(null));

  const quantities = /** @type {HTMLSelectElement} */ (part("lab-quantity"));
  quantities.append(...QUANTITIES.map(({ name, word, meaning }) => create("option", { value: name, title: meaning }, word)));
  /** @param {string} name */
  function choose(name) {
    shared.labQuantity = name;
    const { word, meaning } = quantityOf(name);
    for (const title of section.querySelectorAll("[data-title]")) {
      setText(title, `${word} ${/** @type {HTMLElement} */ (title).dataset.title}`);
      title.setAttribute("title", meaning);
    }
    for (const panel of [...panels.map((each) => each.name), "river"]) hooks.redraw(panel);
    readout(latest);
  }
  quantities.addEventListener("change", () => choose(quantities.value));

  const distributions = /** @type {HTMLSelectElement} */ (part("lab-distribution"));
  distributions.append(...DISTRIBUTIONS.map(({ name, title }) => create("option", { value: name }, title)));
  distributions.addEventListener("change", () => {
    shared.labDistribution = distributions.value;
    hooks.watch(distributions.value === DISTRIBUTIONS[0].name ? [] : ["histograms"]);
    hooks.redraw("activations");
  });

  return {
    panels,
    shared,
    point,
    /** To be called once the loop is there. */
    begin() {
      choose(quantities.value);
    },
    /** @param {string} shown which of the panels */
    show(shown) {
      section.dataset.show = shown;
      for (const { name } of panels) hooks.redraw(name);
    },
    choose(/** @type {string} */ name) {
      quantities.value = name;
      choose(name);
    },
  };
}

/**
 * A view that is fetched when there is first something to compare.
 * @param {() => Promise<(slice: Slice) => void>} fetched
 * @param {() => void} redraw
 * @returns {(slice: Slice) => void}
 */
function whenCompared(fetched, redraw) {
  const view = later(fetched, redraw);
  let asked = false;
  return (slice) => {
    asked ||= (slice.header?.lab?.comparison ?? []).length > 0;
    if (asked) view(slice);
  };
}

/**
 * A layer's numbers in one line.
 * @param {Slice} slice
 * @param {number} layer
 * @param {number} layers
 */
function layerWords({ arrays }, layer, layers) {
  const numbers = QUANTITIES.map(({ name, word }) => {
    const value = arrays?.[name]?.[layer - 1];
    return `${word} ${value === undefined || Number.isNaN(value) ? "–" : compact(value)}`;
  });
  return `${layerName(layer, layers)}: ${numbers.join(" · ")}`;
}
