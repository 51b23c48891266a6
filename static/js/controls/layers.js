// Over the network's columns: how many layers, how many neurons in each, which activation.

import { create, setText } from "../draw/dom.js";
import { explain } from "./explain.js";
import { hiddenLayers, partName } from "./parts.js";
import { explanationOf } from "./words.js";

/** @typedef {import("./parts.js").Reading} Reading */
/** @typedef {import("../flow/commands.js").Commands} Commands */
/** @typedef {import("./fields.js").Field} Field */
/** @typedef {{layer: number, x: number, width: number, units: number, kind: "full" | "sliver"}} Column layer 0 is the inputs */

/** In the page's type: narrower than this a column has room for its number only; one layer's controls then stand in the middle. */
const ROOM_REM = 4.625;
/** Numbers over slivers keep this distance. */
const APART = 30;

/**
 * @param {HTMLElement} strip as wide as the picture, above it
 * @param {HTMLElement} counter
 * @param {Commands} commands
 * @param {(layer: number) => void} onFocus bring a layer of a deep net to the front
 * @param {(layer: number) => void} onInspect show all of a layer's settings
 */
export function layerControls(strip, counter, commands, onFocus, onInspect) {
  /** @type {Column[]} */
  let columns = [];
  /** @type {Reading | null} */
  let reading = null;
  /** @type {Field | null} */
  let activation = null;
  /** @type {Record<string, number>} */
  let limits = {};
  let bench = 1;
  let error = "";
  /** @type {Map<number, ReturnType<typeof hiddenHead>>} */
  const heads = new Map();
  const input = plainHead("Input");
  const output = plainHead("Output");
  const ticks = create("div", { class: "layer-ticks" });
  const refusal = create("p", { class: "field-error layer-error" });
  strip.append(ticks, input.element, output.element, refusal);

  const less = stepButton("−", "Remove hidden layer", () => commands.removeLayer(layerCount() - 1, layerCount() - 1));
  const more = stepButton("+", "Add hidden layer", () => commands.addLayer(layerCount() + 1));
  less.title = "Takes away the hidden layer next to the output";
  const words = create("span", {});
  counter.append(less, words, more);

  const layerCount = () => (reading ? Number(reading.value("network.hidden.length") ?? 0) : 0);

  function place() {
    if (!reading || columns.length < 2) return;
    const hidden = columns.slice(1, -1);
    const type = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const narrow = hidden.some((column) => column.kind === "full" && column.width < ROOM_REM * type);
    bench = Math.min(Math.max(bench, 1), Math.max(hidden.length, 1));
    const shown = narrow ? hidden.filter((column) => column.layer === bench) : hidden.filter((column) => column.kind === "full");
    const bare = narrow ? hidden : hidden.filter((column) => column.kind === "sliver");
    strip.classList.toggle("narrow", narrow);
    for (const [layer, head] of heads) {
      if (shown.some((column) => column.layer === layer)) continue;
      // What has the focus must not vanish under the keys.
      if (head.element.contains(document.activeElement)) strip.querySelector("button")?.focus();
      head.element.remove();
      heads.delete(layer);
    }
    for (const column of shown) {
      let head = heads.get(column.layer);
      if (!head) {
        head = hiddenHead(column.layer, activation, commands, onInspect);
        heads.set(column.layer, head);
        const after = [...heads.keys()].sort((a, b) => a - b).find((layer) => layer > column.layer);
        strip.insertBefore(head.element, (after && heads.get(after)?.element) || output.element);
      }
      head.element.style.left = narrow ? "50%" : `${column.x}px`;
      head.show(hiddenLayers(reading)[column.layer - 1], reading, limits);
    }
    input.show(columns[0], narrow ? "" : inputWords(columns[0].units));
    output.show(columns[columns.length - 1], narrow ? "" : partName(reading.value("network.output.activation")) || "linear");
    placeTicks(bare, narrow, type);
  }

  /** @param {Column[]} bare @param {boolean} narrow @param {number} type px */
  function placeTicks(bare, narrow, type) {
    let free = -Infinity;
    /** @type {HTMLElement[]} */
    const buttons = [];
    // Two digits, in whatever type.
    const apart = narrow ? 1.25 * type : APART;
    const every = narrow ? 1 : bare.length > 12 ? 5 : 1;
    const end = parseFloat(output.element.style.left) - output.element.offsetWidth / 2 - APART / 2;
    for (const column of bare) {
      // Not under the word "Output" either.
      if (column.layer % every !== 0 || column.x < free || (!narrow && column.x > end)) continue;
      free = column.x + apart;
      const tick = create("button", { type: "button", class: "layer-tick", "aria-label": `Show layer ${column.layer}` }, String(column.layer));
      tick.style.left = `${column.x}px`;
      if (narrow) tick.setAttribute("aria-pressed", String(column.layer === bench));
      tick.addEventListener("click", () => {
        bench = column.layer;
        onFocus(column.layer);
        place();
      });
      buttons.push(tick);
    }
    const key = buttons.map((button) => button.outerHTML).join();
    if (ticks.dataset.key === key) return;
    ticks.dataset.key = key;
    const had = Array.from(ticks.children).indexOf(/** @type {Element} */ (document.activeElement));
    ticks.replaceChildren(...buttons);
    if (had >= 0) buttons[Math.min(had, buttons.length - 1)]?.focus();
  }

  return {
    /** @param {Column[]} next */
    layout(next) {
      columns = next;
      place();
    },
    /** @param {Field | undefined} field what a hidden layer's activation can be */
    offer(field) {
      activation = field ?? null;
      // Heads made before it was known have nothing to choose from.
      for (const head of heads.values()) head.element.remove();
      heads.clear();
      place();
    },
    /** The layer in front. */
    get focus() {
      return bench;
    },
    /** @param {number} layer */
    focused(layer) {
      bench = layer;
      place();
    },
    /** @param {Reading} now @param {Record<string, number>} most */
    show(now, most) {
      reading = now;
      limits = most;
      const count = layerCount();
      setText(words, count === 1 ? "1 hidden layer" : `${count} hidden layers`);
      less.disabled = count === 0;
      more.disabled = count >= (most.hidden_layers ?? Infinity);
      more.title = more.disabled ? `At most ${most.hidden_layers} hidden layers` : "A new layer next to the output; what the others have learned is kept";
      const refused = Object.entries(now.refused).find(([path]) => isLayers(path));
      error = refused ? refused[1] : "";
      setText(refusal, error);
      place();
    },
  };
}

/** What is refused over the columns; the form shows what concerns all layers. @param {string} path */
function isLayers(path) {
  return /^network\.hidden(\.\d+|\.length|$)/.test(path) || path === "at" || path === "layer" || path === "unit";
}

/** @param {number} features */
function inputWords(features) {
  return features === 1 ? "1 feature" : `${features} features`;
}

/** @param {string} title */
function plainHead(title) {
  const words = create("span", { class: "quiet" });
  // Where it stands is known with the first frame.
  const element = create("div", { class: "layer-head", hidden: "" }, create("span", { class: "layer-title" }, title), words);
  return {
    element,
    /** @param {Column} column @param {string} text */
    show(column, text) {
      element.hidden = false;
      setText(words, text);
      // Over its column, but not over the page's edge.
      const half = element.offsetWidth / 2;
      const room = element.parentElement?.clientWidth ?? Infinity;
      element.style.left = `${Math.min(Math.max(column.x, half), Math.max(half, room - half))}px`;
    },
  };
}

/**
 * @param {number} layer counted from 1
 * @param {Field | null} activation
 * @param {Commands} commands
 * @param {(layer: number) => void} onInspect
 */
function hiddenHead(layer, activation, commands, onInspect) {
  let units = 0;
  const index = layer - 1;
  const number = create("span", { class: "number" });
  const less = stepButton("−", `Remove neuron from layer ${layer}`, () => commands.removeUnit(index, units - 1, units - 1));
  const more = stepButton("+", `Add neuron to layer ${layer}`, () => commands.addUnit(index, units + 1));
  less.title = "Takes away the layer's last neuron";
  more.title = "A new neuron; what the others have learned is kept";
  const title = create("button", { type: "button", class: "layer-title", "aria-label": `Settings of layer ${layer}`, title: "Initializer, dropout, normalization, residual connection" }, `Layer ${layer}`);
  title.addEventListener("click", () => onInspect(layer));
  const select = create("select", { "aria-label": `Activation of layer ${layer}` });
  const { choices = [] } = activation ?? {};
  if (activation) explain(() => explanationOf(activation, `Activation of layer ${layer}`, select.value), select);
  select.append(...choices.map((option) => create("option", { value: option.name }, option.title)));
  select.addEventListener("change", () => commands.setLayer(index, "activation", select.value));
  const stepper = create("div", { class: "stepper" }, less, number, more);
  const element = create("div", { class: "layer-head" }, title, stepper, select);
  return {
    element,
    /** @param {Record<string, unknown> | undefined} settings @param {Reading} now @param {Record<string, number>} limits */
    show(settings, now, limits) {
      units = Number(now.value(`network.hidden.${index}.units`) ?? settings?.units ?? 0);
      setText(number, String(units));
      less.disabled = units <= 1;
      more.disabled = units >= (limits.units ?? Infinity);
      const all = now.value("network.hidden.all.activation");
      const name = partName(all ?? now.value(`network.hidden.${index}.activation`));
      if (select.value !== name) select.value = name;
    },
  };
}

/** @param {string} sign @param {string} name @param {() => void} act */
function stepButton(sign, name, act) {
  const button = create("button", { type: "button", "aria-label": name }, create("span", { class: `sign sign-${sign === "+" ? "plus" : "minus"}`, "aria-hidden": "true" }));
  button.addEventListener("click", act);
  return button;
}
