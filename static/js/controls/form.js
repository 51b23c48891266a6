// The form: the fields people reach for in their places, all others in More, drawn from the schema.

import { create } from "../draw/dom.js";
import { dataTiles, featureTiles } from "./data.js";
import { fieldAt, fieldsOf } from "./fields.js";
import { layerInspector } from "./inspector.js";
import { moreFields } from "./more.js";
import { commonValue, hiddenLayers, partName, settingOf } from "./parts.js";
import { countScale, linearScale, logScale, percent, plainNumber } from "./scale.js";
import { choice, slider } from "./widgets.js";
import { explanationOf } from "./words.js";

/** @typedef {import("./parts.js").Reading} Reading */
/** @typedef {import("../flow/commands.js").Commands} Commands */
/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./widgets.js").Widget} Widget */

/** What the form offers for `clip_norm`; any other number can come with a link. */
const CLIP_NORMS = [0.1, 0.5, 1, 5, 10];
const MOST_BATCH = 512;

/**
 * @param {any} schema
 * @param {Commands} commands
 * @param {() => Reading} read
 * @param {{drawDataset: import("./data.js").Draw, drawFeature: import("./data.js").Draw}} pictures
 * @param {(layer: number) => void} onInspect
 */
export function buildForm(schema, commands, read, pictures, onInspect) {
  const fields = fieldsOf(schema);
  /** @type {{paths: string[], widget: Widget, put: (now: Reading) => void}[]} */
  const bound = [];

  /** @param {string} path @returns {Field} */
  function known(path) {
    const field = fieldAt(fields, path);
    if (!field) throw new Error(`the schema has no field ${path}`);
    return field;
  }

  /** @param {Reading} now @param {string} path */
  const valueIn = (now, path) => now.value(path) ?? known(path).default;

  /** @param {Widget} widget @param {string} path @param {(now: Reading) => void} put @param {string} slot */
  function bind(widget, path, put, slot) {
    bound.push({ paths: [path], widget, put });
    widget.element.dataset.control = path;
    slotOf(slot).append(widget.element);
  }

  const rate = slider({
    name: "Learning rate",
    explanation: () => explanationOf(known("training.learning_rate"), "Learning rate"),
    scale: logScale(1e-5, 10),
    words: plainNumber,
    onInput: (value) => commands.edit("training.learning_rate", value),
  });
  bind(rate, "training.learning_rate", (now) => rate.set(valueIn(now, "training.learning_rate")), "field-learning-rate");

  for (const [path, slot, name] of [
    ["training.optimizer", "field-optimizer", "Optimizer"],
    ["training.loss", "field-loss", "Loss"],
  ]) {
    const field = known(path);
    const list = choice({ name, explanation: (chosen) => explanationOf(field, name, chosen), row: slot === "field-loss", options: field.choices, onChange: (chosen) => commands.edit(path, chosen) });
    bind(list, path, (now) => {
      if (path === "training.loss") list.offer(fitting(field, now));
      list.set(partName(valueIn(now, path)));
    }, slot);
  }

  for (const [key, slot, name, text] of /** @type {const} */ ([
    ["activation", "field-activation", "Activation", undefined],
    ["initializer", "field-initialization", "Weight initialization", "Initialization"],
  ])) {
    const path = `network.hidden.all.${key}`;
    const field = known(path);
    const list = choice({
      name, text, explanation: (chosen) => explanationOf(field, name, chosen), row: key === "initializer", options: field.choices,
      onChange: (chosen) => commands.setLayers(hiddenLayers(read()), key, chosen),
    });
    bind(list, path, (now) => list.set(partName(commonValue(now, key, field.default)), hiddenLayers(now).length === 0 ? "no layer" : "mixed"), slot);
  }

  for (const [key, name, scale] of /** @type {const} */ ([
    ["noise", "Noise", linearScale(0, 0.5, 0.01)],
    ["train_fraction", "Training share", linearScale(0.1, 1, 0.05)],
  ])) {
    const path = `data.${key}`;
    const field = known(path);
    const control = slider({ name, explanation: () => explanationOf(field, name), scale, words: percent, onInput: (value) => commands.edit(path, value) });
    bind(control, path, (now) => {
      const set = known("data").choices.find((one) => one.name === partName(now.value("data")));
      control.element.hidden = !set?.settings.some((setting) => setting.path === key);
      control.set(Number(valueIn(now, path)));
    }, "field-data");
  }

  const batch = slider({
    name: "Batch size",
    explanation: () => explanationOf(known("training.batch_size"), "Batch size"),
    scale: countScale(1, MOST_BATCH),
    words: String,
    onInput: (value) => commands.edit("training.batch_size", Math.round(value)),
  });
  bind(batch, "training.batch_size", (now) => batch.set(valueIn(now, "training.batch_size")), "field-data");

  const clip = choice({
    name: "Gradient clip",
    explanation: () => explanationOf(known("training.clip_norm"), "Gradient clip"),
    row: true,
    options: [{ name: "off", title: "Off" }, ...CLIP_NORMS.map((norm) => ({ name: String(norm), title: `Norm ${norm}` }))],
    onChange: (chosen) => commands.edit("training.clip_norm", chosen === "off" ? null : Number(chosen)),
  });
  bind(clip, "training.clip_norm", (now) => {
    const norm = valueIn(now, "training.clip_norm");
    clip.set(norm === null ? "off" : String(norm), `Norm ${norm}`);
  }, "field-clip");

  const tiles = dataTiles(slotOf("field-data-set"), known("data"), commands, read, pictures.drawDataset);
  const features = featureTiles(slotOf("field-features"), known("data"), commands, read, pictures.drawFeature);
  const inspector = layerInspector(slotOf("field-layer"), known("network.hidden").item, commands, onInspect);
  const more = moreFields(slotOf("field-more"), fields, commands, read);

  return {
    /** @param {Reading} now */
    show(now) {
      for (const { paths, widget, put } of bound) {
        put(now);
        widget.refuse(now.refused[paths[0]] ?? "");
      }
      tiles.show(now);
      features.show(now);
      inspector.show(now);
      more(now);
    },
    inspect: inspector.inspect,
    /** The drawn icons, again in another mode. */
    draw() {
      tiles.draw();
      features.draw();
    },
  };
}

/** The form's own sections; those of the header stand in the page. @param {HTMLElement} element */
export function frameForm(element) {
  /** @param {string[]} ids */
  const slots = (ids) => ids.map((id) => create("div", { id }));
  element.replaceChildren(
    create("div", { class: "form-group", id: "field-data-set" }),
    create("div", { class: "form-group", id: "field-data" }),
    create("div", { class: "form-group", id: "field-features" }),
    create("div", { class: "form-group" }, create("div", { class: "group-head" }, create("h2", {}, "Model"), create("button", { type: "button", class: "pill-button", id: "new-start", "data-term": "new_start" }, "New start")), ...slots(["field-loss", "field-initialization", "field-clip"])),
    create("div", { class: "form-group", id: "field-layer" }),
    create("details", { class: "more", id: "field-more" }, create("summary", {}, "More")),
    create("p", { class: "form-foot" }, create("a", { href: "/manual" }, "Manual"), create("button", { type: "button", class: "link-button", id: "tour" }, "Tour")),
  );
}

/** @param {string} id */
function slotOf(id) {
  const slot = document.getElementById(id);
  if (!slot) throw new Error(`the page has no #${id}`);
  return slot;
}

/**
 * The losses that fit the data, as far as the schema tells.
 *
 * @param {Field} field
 * @param {Reading} now
 */
function fitting(field, now) {
  const chosen = partName(now.value("training.loss"));
  return field.choices.filter(({ name, schema }) => {
    const tasks = settingOf(schema, "x-tasks");
    return now.task === "" || name === chosen || !Array.isArray(tasks) || tasks.includes(now.task);
  });
}
