// A neuron's numbers, to be changed while it trains: its bias and every incoming weight. Beside the neuron, not modal.

import { create, setText } from "../draw/dom.js";
import { unitName } from "../draw/format.js";
import { incoming, reach } from "../draw/incoming.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {{layer: number, unit: number, input: number | null}} Target input null: the bias */
/**
 * @typedef {object} Row
 * @property {HTMLInputElement} field
 * @property {HTMLInputElement} slider
 */

/**
 * @param {HTMLElement} host positioned; the editor lies in it
 * @param {{setWeight: (layer: number, input: number, unit: number, value: number) => void, setBias: (layer: number, unit: number, value: number) => void}} commands
 * @param {() => void} onClose
 */
export function neuronEditor(host, commands, onClose) {
  const title = create("h3", { id: "neuron-editor-title" });
  const close = create("button", { type: "button", class: "neuron-editor-close", "aria-label": "Close the editor" }, "×");
  const rows_element = create("div", { class: "neuron-editor-rows" });
  const note = create("p", { class: "neuron-editor-note" });
  const box = create("div", { class: "neuron-editor", role: "dialog", "aria-labelledby": "neuron-editor-title", hidden: "" }, create("div", { class: "neuron-editor-head" }, title, close), rows_element, note);
  host.append(box);
  /** @type {Target | null} */
  let target = null;
  /** @type {Row[]} */
  let rows = [];
  let shape = "";

  /** @param {string} shown @param {string} label @param {number} value @param {number} most @param {(value: number) => void} send @returns {Row} */
  function row(shown, label, value, most, send) {
    const field = create("input", { type: "number", step: "any", "aria-label": label, value: short(value) });
    const slider = create("input", { type: "range", min: String(-most), max: String(most), step: String(most / 200), "aria-label": `${label}, slider` });
    slider.value = String(value);
    const set = (/** @type {number} */ next) => {
      if (!Number.isFinite(next)) return;
      field.removeAttribute("aria-invalid");
      send(next);
    };
    field.addEventListener("change", () => {
      const next = field.valueAsNumber;
      if (!Number.isFinite(next)) {
        field.setAttribute("aria-invalid", "true");
        return;
      }
      slider.value = String(next);
      set(next);
    });
    slider.addEventListener("input", () => {
      field.value = short(slider.valueAsNumber);
      set(slider.valueAsNumber);
    });
    rows_element.append(create("div", { class: "neuron-editor-row" }, create("span", { "aria-hidden": "true" }, shown), slider, field));
    return { field, slider };
  }

  /** @param {Slice} slice @param {Target} now */
  function build(slice, now) {
    const network = slice.header?.network;
    const numbers = incoming(slice, now.layer, now.unit);
    rows = [];
    rows_element.replaceChildren();
    if (!network || numbers === null) return;
    const layers = network.layers.length;
    setText(title, unitName(now.layer, layers, now.unit, network.inputs));
    const most = reach([numbers.bias, ...numbers.weights]);
    rows.push(row("Bias", "Bias", numbers.bias, most, (value) => commands.setBias(now.layer - 1, now.unit, value)));
    if (numbers.weights.length > 0) rows_element.append(create("p", { class: "neuron-editor-from", "aria-hidden": "true" }, "Weights from"));
    numbers.weights.forEach((value, input) => {
      const from = unitName(now.layer - 1, layers, input, network.inputs).replace(/^input /, "");
      rows.push(row(from.replace(/^layer \d+, /, ""), `Weight from ${from}`, value, most, (next) => commands.setWeight(now.layer - 1, input, now.unit, next)));
    });
    setText(note, numbers.pooled ? "This network is too large for its weights to travel one by one: only the bias can be set here." : "");
  }

  function hide() {
    if (target === null) return;
    target = null;
    box.hidden = true;
  }
  close.addEventListener("click", () => {
    hide();
    onClose();
  });
  box.addEventListener("keydown", (event) => {
    // The page's shortcuts are letters and space, which a field takes for itself.
    if (event.key !== "Escape") event.stopPropagation();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || target === null) return;
    hide();
    onClose();
  });
  document.addEventListener("pointerdown", (event) => {
    if (target !== null && event.target instanceof Node && !box.contains(event.target)) hide();
  });

  /** Within the host, whatever becomes of its size. @param {number} left @param {number} top */
  function put(left, top) {
    /** @param {number} at @param {number} room */
    const within = (at, room) => Math.round(Math.max(0, Math.min(at, room)));
    const x = within(left, host.clientWidth - box.offsetWidth);
    const y = within(top, host.clientHeight - box.offsetHeight);
    box.style.transform = `translate(${x}px, ${y}px)`;
    place = { left, top };
  }
  let place = { left: 0, top: 0 };
  new ResizeObserver(() => {
    if (target !== null) put(place.left, place.top);
  }).observe(host);

  /** @param {Slice} slice */
  function shapeOf(slice) {
    return (slice.header?.network?.layers.map(({ units }) => units) ?? []).join();
  }

  return {
    /** @param {Slice} slice @param {Target} wanted @param {number} x px in the host @param {number} y */
    open(slice, wanted, x, y) {
      target = wanted;
      shape = shapeOf(slice);
      build(slice, wanted);
      if (rows.length === 0) {
        target = null;
        return;
      }
      box.hidden = false;
      const left = x + 20 + box.offsetWidth > host.clientWidth ? x - 20 - box.offsetWidth : x + 20;
      put(left, y - 40);
      const chosen = rows[wanted.input === null ? 0 : wanted.input + 1] ?? rows[0];
      chosen.field.focus();
      chosen.field.select();
    },
    /** The numbers as they are now; one that is being typed or dragged is left alone. @param {Slice} slice */
    show(slice) {
      if (target === null) return;
      if (shapeOf(slice) !== shape) {
        hide();
        return;
      }
      const numbers = incoming(slice, target.layer, target.unit);
      if (numbers === null) return;
      [numbers.bias, ...numbers.weights].forEach((value, index) => {
        const { field, slider } = rows[index] ?? {};
        if (!field || document.activeElement === field || document.activeElement === slider) return;
        const text = short(value);
        if (field.value !== text) field.value = text;
        slider.value = String(value);
      });
    },
    get isOpen() {
      return target !== null;
    },
    hide,
  };
}

/** Four significant digits, as a number field takes them. @param {number} value */
function short(value) {
  return String(Number(value.toPrecision(4)));
}
