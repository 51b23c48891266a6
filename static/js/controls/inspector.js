// One hidden layer at a time: everything it can have of its own, and the layers to choose from.

import { create } from "../draw/dom.js";
import { chosenPart, drawField, putAll } from "./drawn.js";
import { partName, settingOf } from "./parts.js";
import { choice } from "./widgets.js";

/** @typedef {import("./parts.js").Reading} Reading */
/** @typedef {import("../flow/commands.js").Commands} Commands */
/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./drawn.js").Bound} Bound */

/** What stands over the network's columns already. */
const PLACED = new Set(["units"]);
/** Short names: "Weight initialization of layer 1" does not fit beside its control. */
const NAMES = { initializer: "Initializer", residual: "Residual" };

/**
 * @param {HTMLElement} element
 * @param {Field[]} items what a hidden layer has
 * @param {Commands} commands
 * @param {(layer: number) => void} onChoose counted from 1
 */
export function layerInspector(element, items, commands, onChoose) {
  const head = create("div", { class: "group-head" }, create("h2", { id: "inspector-title" }, "One layer"));
  const body = create("div", { class: "more-fields" });
  const list = choice({
    name: "Layer",
    row: true,
    options: [],
    onChange(name) {
      inspect(Number(name));
      onChoose(layer);
    },
  });
  for (const part of list.element.querySelectorAll("label, select")) part.setAttribute("data-term", "inspected_layer");
  const none = create("p", { class: "quiet" }, "No hidden layer: the model is linear.");
  element.setAttribute("role", "group");
  element.setAttribute("aria-labelledby", "inspector-title");
  element.append(head, list.element, body, none);

  let layer = 1;
  let drawn = "";
  /** @type {Reading | null} */
  let reading = null;
  /** @type {Bound[]} */
  let bound = [];
  /** @type {ReturnType<typeof chosenPart>[]} */
  let parts = [];

  function draw() {
    const index = layer - 1;
    bound = [];
    parts = [];
    body.replaceChildren();
    for (const field of items) {
      if (PLACED.has(field.path)) continue;
      const path = `network.hidden.${index}.${field.path}`;
      /** @param {Reading} now */
      const read = (now) => now.value(`network.hidden.all.${field.path}`) ?? now.value(path) ?? field.default;
      const change = (/** @type {unknown} */ value) => void commands.setLayer(index, field.path, value);
      const word = NAMES[/** @type {keyof typeof NAMES} */ (field.path)] ?? field.title;
      // The activation's own list stands over the column; here are its settings.
      const control = field.path === "activation" ? null : drawField(field, `${word} of layer ${layer}`, bound, { path, read, change, text: word });
      if (control) body.append(control);
      if (field.kind !== "part") continue;
      const part = chosenPart(field, word, read, (setting, own) => drawField(setting, `${setting.title} of layer ${layer}`, own, {
        path: `${path}.${setting.path}`,
        text: setting.title,
        read: (now) => settingOf(read(now), setting.path) ?? setting.default,
        change(value) {
          const now = reading && read(reading);
          const whole = typeof now === "object" && now !== null ? now : { name: partName(now) };
          change({ ...whole, [setting.path]: value });
        },
      }));
      parts.push(part);
      body.append(part.element);
    }
  }

  /** @param {Reading} now */
  function show(now) {
    reading = now;
    const count = Number(now.value("network.hidden.length") ?? 0);
    none.hidden = count > 0;
    body.hidden = list.element.hidden = count === 0;
    layer = Math.min(Math.max(layer, 1), Math.max(count, 1));
    list.offer(Array.from({ length: count }, (_, index) => ({ name: String(index + 1), title: `Layer ${index + 1}` })));
    list.set(String(layer));
    if (count > 0 && drawn !== String(layer)) {
      drawn = String(layer);
      draw();
    }
    for (const part of parts) part.show(now);
    putAll([...bound, ...parts.flatMap((part) => part.bound)], now);
  }

  /** @param {number} chosen counted from 1 */
  function inspect(chosen) {
    layer = chosen;
    if (reading) show(reading);
  }

  return { show, inspect };
}
