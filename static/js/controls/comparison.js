// Side by side: the runs as a table with a button to keep one, the way to choose what differs, and the band of seeds.

import { create, setText } from "../draw/dom.js";
import { precise, thousands } from "../draw/format.js";
import { slopeWords } from "../draw/quantities.js";
import { button, words } from "./dialog.js";
import { segments } from "./widgets.js";

/** @typedef {import("./variants.js").Variant} Variant */
/** @typedef {import("../draw/slice.js").Compared} Compared */
/** @typedef {import("../flow/commands.js").Commands} Commands */

/** What people compare most, at one click. @type {{title: string, variant: Variant}[]} */
const QUICK = [
  { title: "ReLU with He", variant: { hidden: { activation: "relu", initializer: "he_normal" }, training: {} } },
  { title: "batch normalization", variant: { hidden: { normalization: "batch" }, training: {} } },
  { title: "gradient clip 1", variant: { hidden: {}, training: { clip_norm: 1 } } },
  { title: "Adam", variant: { hidden: {}, training: { optimizer: "adam", learning_rate: 0.01 } } },
];
const SHOWN = [
  { name: "all", title: "All", term: "lab_all" },
  { name: "norms", title: "Norms", term: "lab_norms" },
  { name: "histograms", title: "Histograms", term: "lab_histograms" },
  { name: "table", title: "Table", term: "lab_table" },
  { name: "compare", title: "Compare", term: "compare" },
];
const GLYPHS = ["●", "■", "▲", "◆"];
export const BANDS = [8, 16, 32, 64];

/**
 * @param {{segments: HTMLElement, panel: HTMLElement, band: HTMLSelectElement}} places
 * @param {Commands} commands
 * @param {{show: (name: string) => void, read: () => import("./parts.js").Reading, tell: (notice: {level: "info" | "warning" | "error", text: string}) => void}} hooks
 */
export function comparison({ segments: switcher, panel, band }, commands, hooks) {
  const choose = segments(switcher, "lab-show", SHOWN, hooks.show);
  /** @type {Variant[]} */
  let variants = [];
  /** @type {ReturnType<typeof import("./variants.js").variantsDialog> | null} */
  let dialog = null;
  /** @type {import("./fields.js").Field[]} */
  let fields = [];

  /** @param {Variant[]} wanted @returns {Promise<string>} why it was refused, "" where it was not */
  async function compare(wanted) {
    const goes = document.body.dataset.runState === "running";
    const answer = await commands.compare(wanted);
    if (!answer.ok) return words(new Error(answer.error.message));
    if (goes && wanted.length > 0) await commands.play();
    return "";
  }
  /** @param {Variant[]} wanted */
  async function orTell(wanted) {
    const refused = await compare(wanted);
    if (refused) hooks.tell({ level: "error", text: refused });
  }
  async function open() {
    if (fields.length === 0) return;
    const { variantsDialog } = await import("./variants.js");
    dialog ??= variantsDialog(fields, hooks.read, compare);
    dialog.open(variants);
  }

  const chooser = button("Choose variants …", open, true);
  chooser.disabled = true;
  const rows = create("tbody");
  const caption = create("caption");
  const table = create("table", {}, caption,
    create("thead", {}, create("tr", {}, ...["Run", "Train loss", "Test loss", "‖delta‖ per layer", ""].map((title, index) => create(index === 4 ? "td" : "th", index === 4 ? {} : { scope: "col" }, title)))), rows);
  const full = create("div", { class: "compared-runs view-table", hidden: "" }, table,
    create("div", { class: "compared-actions" }, button("Change variants …", open), button("End comparison", () => void orTell([]))));
  const empty = create("div", { class: "compared-empty" },
    create("p", {}, "Train up to three variants beside this run, step for step, on the same data, batches and seed: what differs is what you choose. All begin at step 0; undo brings this run back."),
    create("div", { class: "compared-actions" }, chooser),
    create("p", { class: "quiet" }, "Or at once, beside this run:"),
    create("div", { class: "compared-actions" }, ...QUICK.map(({ title, variant }) => button(title, () => void orTell([variant])))));
  panel.append(empty, full);
  /** @type {HTMLElement[][]} */
  let cells = [];

  /** @param {number} count */
  function drawRows(count) {
    cells = Array.from({ length: count }, (_, index) => {
      const own = Array.from({ length: 4 }, () => create("td"));
      const name = create("th", { scope: "row" });
      const keep = create("button", { type: "button", class: "pill-button", "aria-label": `Keep run ${index + 1}`, title: "This variant becomes the run, with its weights; undo brings the other back" }, "Keep");
      keep.addEventListener("click", () => void commands.keep(index));
      if (index > 0) own[3].append(keep);
      rows.append(create("tr", { class: `compared-${index + 1}` }, name, ...own));
      return [name, ...own];
    });
  }

  /** @param {Compared[]} runs */
  function showRuns(runs) {
    if (cells.length !== runs.length) {
      rows.replaceChildren();
      drawRows(runs.length);
    }
    setText(caption, `Side by side at step ${thousands(Math.max(0, ...runs.map(({ step }) => step)))}`);
    runs.forEach(({ label, training_loss, test_loss, slope, diverged }, index) => {
      const [name, train, test, decades] = cells[index];
      const end = diverged ? ` ✕ diverged at step ${thousands(diverged.step)}, layer ${diverged.layer}` : "";
      setText(name, `${index + 1} ${GLYPHS[index]} ${label}${index === 0 ? " (this run)" : ""}${end}`);
      for (const [cell, value] of /** @type {const} */ ([[train, training_loss], [test, test_loss]])) {
        setText(cell, precise(value));
        cell.dataset.value = String(value);
      }
      setText(decades, slopeWords(slope));
      decades.dataset.value = String(slope);
    });
  }

  for (const [value, title] of /** @type {[number, string][]} */ ([[0, "One seed"], ...BANDS.map((seeds) => [seeds, `Band of ${seeds} seeds`])])) band.append(create("option", { value: String(value) }, title));
  let asked = 0;
  band.addEventListener("change", async () => {
    const answer = await commands.band(Number(band.value));
    asked = answer.ok ? (answer.number ?? 0) : 0;
    if (!answer.ok) hooks.tell({ level: "error", text: words(new Error(answer.error.message)) });
  });

  return {
    /** @param {import("./fields.js").Field[]} known */
    fields(known) {
      fields = known;
      chooser.disabled = false;
    },
    /** The variants are others now. @param {Variant[]} now */
    variants(now) {
      const wereThere = variants.length > 0;
      variants = now;
      empty.hidden = now.length > 0;
      full.hidden = now.length === 0;
      if (now.length > 0 === wereThere) return;
      const shown = now.length > 0 ? "compare" : "all";
      choose(shown);
      hooks.show(shown);
    },
    /** A frame was drawn. @param {any} header */
    drawn({ command, lab }) {
      showRuns(lab?.comparison ?? []);
      const seeds = String(lab?.band?.seeds ?? 0);
      // What was chosen stands until a frame knows of it.
      if (command >= asked && band.value !== seeds) band.value = seeds;
    },
  };
}
