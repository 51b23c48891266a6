// The dialog that says what differs: a table with a row for each setting and a column for each run.

import { create } from "../draw/dom.js";
import { button, complaint, dialog } from "./dialog.js";
import { fieldAt, valueOf } from "./fields.js";
import { commonValue, partName } from "./parts.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./parts.js").Reading} Reading */
/** @typedef {{hidden: Record<string, any>, training: Record<string, any>}} Variant */
/** @typedef {"hidden" | "training"} Section */

const MOST = 3;
/** @type {{section: Section, key: string, choices?: number[]}[]} */
const SETTINGS = [
  { section: "hidden", key: "activation" },
  { section: "hidden", key: "initializer" },
  { section: "hidden", key: "normalization" },
  { section: "hidden", key: "residual" },
  { section: "hidden", key: "dropout" },
  { section: "training", key: "learning_rate" },
  { section: "training", key: "optimizer" },
  { section: "training", key: "clip_norm" },
  { section: "training", key: "l2" },
  { section: "training", key: "schedule" },
];
/** A setting that is not there, as a choice of its own. */
const NONE = "none";

/**
 * @param {Field[]} fields
 * @param {() => Reading} read
 * @param {(variants: Variant[]) => Promise<string>} compare why it was refused, "" where it was not
 */
export function variantsDialog(fields, read, compare) {
  const error = complaint();
  const rows = SETTINGS.flatMap((setting) => {
    const field = fieldAt(fields, setting.section === "hidden" ? `network.hidden.all.${setting.key}` : `training.${setting.key}`);
    return field ? [rowOf(setting, field)] : [];
  });
  const numbers = Array.from({ length: MOST }, (_, index) => index + 2);
  const table = create("table", { class: "variants" },
    create("thead", {}, create("tr", {}, create("td"), create("th", { scope: "col" }, "Run 1 (this)"), ...numbers.map((number) => create("th", { scope: "col" }, `Run ${number}`)))),
    create("tbody", {}, ...rows.map((row) => row.element)));
  const take = button("Compare", () => void enter(), true);
  const element = dialog("Compare side by side", [
    create("p", { class: "quiet" }, "Each run is this one but for what you choose here. All train in lockstep from step 0, on the same data in the same batches, from the same seed. What stands above the line holds for every hidden layer."),
    create("div", { class: "variants-scroll", tabindex: "0", role: "group", "aria-label": "What differs" }, table),
    error.element,
    create("div", { class: "dialog-actions" }, button("Cancel", () => element.close()), take),
  ], "variants-sheet");
  /** What a variant has beside what this table can say. @type {Variant[]} */
  let before = [];

  async function enter() {
    const variants = numbers.flatMap((_, index) => {
      /** @type {Variant} */
      const variant = { hidden: { ...before[index]?.hidden }, training: { ...before[index]?.training } };
      for (const row of rows) row.put(index, variant);
      return Object.keys(variant.hidden).length + Object.keys(variant.training).length > 0 ? [variant] : [];
    });
    if (variants.length === 0) {
      error.say("Choose at least one setting in which a run differs.");
      return;
    }
    const refused = await compare(variants);
    error.say(refused);
    if (!refused) element.close();
  }

  return {
    /** @param {Variant[]} variants */
    open(variants) {
      before = variants;
      error.say("");
      for (const row of rows) row.show(read(), variants);
      element.showModal();
    },
  };
}

/**
 * @param {{section: Section, key: string}} setting
 * @param {Field} field
 */
function rowOf({ section, key }, field) {
  const name = field.title;
  const own = create("td", { class: "variants-own" });
  const controls = Array.from({ length: MOST }, (_, index) => controlOf(field, `${name} of run ${index + 2}`));
  const first = key === "learning_rate";
  return {
    element: create("tr", first ? { class: "variants-line" } : {}, create("th", { scope: "row" }, name), own, ...controls.map(({ element }) => create("td", {}, element))),
    /** @param {Reading} now @param {Variant[]} variants */
    show(now, variants) {
      own.textContent = inWords(field, section === "hidden" ? commonValue(now, key, field.default) : now.value(`training.${key}`) ?? field.default);
      controls.forEach((control, index) => control.set(variants[index]?.[section], key));
    },
    /** @param {number} index @param {Variant} variant */
    put: (index, variant) => controls[index].put(variant[section], key),
  };
}

/**
 * A control whose first choice is "the same".
 *
 * @param {Field} field
 * @param {string} name
 */
function controlOf(field, name) {
  const isList = field.kind === "part" || field.kind === "choice" || field.kind === "section";
  if (isList) {
    const select = create("select", { "aria-label": name });
    const choices = field.kind === "section" ? [{ name: "on", title: "On" }] : field.choices;
    select.append(create("option", { value: "" }, "the same"), ...(field.nullable ? [create("option", { value: NONE }, "None")] : []), ...choices.map((one) => create("option", { value: one.name }, one.title)));
    /** What a part's name can't say: its settings. @type {unknown} */
    let whole;
    return {
      element: select,
      /** @param {Record<string, any> | undefined} patch @param {string} key */
      set(patch, key) {
        whole = patch?.[key];
        select.value = !patch || !(key in patch) ? "" : whole === null ? NONE : field.kind === "section" ? "on" : partName(whole);
      },
      /** @param {Record<string, any>} patch @param {string} key */
      put(patch, key) {
        if (select.value === "") delete patch[key];
        else if (select.value === NONE) patch[key] = null;
        else if (field.kind === "section") patch[key] = whole ?? {};
        else patch[key] = partName(whole) === select.value ? whole : select.value;
      },
    };
  }
  const input = create("input", { type: "text", class: "text-input", inputmode: "decimal", autocomplete: "off", "aria-label": name, placeholder: "the same" });
  return {
    element: input,
    /** @param {Record<string, any> | undefined} patch @param {string} key */
    set(patch, key) {
      input.value = !patch || !(key in patch) ? "" : patch[key] === null ? NONE : String(patch[key]);
    },
    /** @param {Record<string, any>} patch @param {string} key */
    put(patch, key) {
      const text = input.value.trim();
      if (text === "") delete patch[key];
      else if (field.nullable && text === NONE) patch[key] = null;
      // What is no number is sent as it was typed: the server says what would do.
      else patch[key] = valueOf(field, text) ?? text;
    },
  };
}

/** @param {Field} field @param {unknown} value */
function inWords(field, value) {
  if (value === undefined) return "mixed";
  if (value === null) return "none";
  if (field.kind === "section") return "on";
  const part = partName(value);
  return field.choices.find((one) => one.name === part)?.title ?? (part || String(value));
}
