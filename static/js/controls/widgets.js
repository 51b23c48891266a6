// The controls a form is made of. Each shows a value it is given and says what a person chose; none knows the store.

import { create, setText } from "../draw/dom.js";
import { explain } from "./explain.js";
import { PAGE } from "./scale.js";

/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {import("./words.js").Explanation} Explanation */
/** @typedef {{name: string, title: string, help?: string, term?: string}} Option `term`: where its explanation stands */

/**
 * @typedef {object} Widget
 * @property {HTMLElement} element
 * @property {(value: any) => void} set
 * @property {(sentence: string) => void} refuse the server's sentence beside the control; "" takes it away
 */

let ids = 0;

/**
 * Label, control and the place of a refusal. The label holds the name and nothing else: a value inside
 * it would become part of the control's accessible name.
 *
 * @param {string} name the accessible name
 * @param {HTMLInputElement | HTMLSelectElement} control
 * @param {{text?: string, explanation?: () => Explanation, row?: boolean, body?: HTMLElement, value?: HTMLElement}} [look] `text`: what is seen instead of the name
 */
function field(name, control, look = {}) {
  const id = `control-${++ids}`;
  control.id = id;
  const label = create("label", { for: id }, look.text || name);
  if (look.text) control.setAttribute("aria-label", name);
  const error = create("p", { class: "field-error", id: `${id}-error` });
  const body = look.body ?? control;
  const element = create("div", { class: look.row ? "field field-row" : "field" });
  if (look.explanation) explain(look.explanation, label, control);
  if (look.row) element.append(label, body, error);
  else element.append(create("div", { class: "field-line" }, label, ...(look.value ? [look.value] : [])), body, error);

  return {
    element,
    /** @param {string} sentence */
    refuse(sentence) {
      setText(error, sentence);
      if ((control.getAttribute("aria-invalid") === "true") === (sentence !== "")) return;
      if (sentence) {
        control.setAttribute("aria-invalid", "true");
        control.setAttribute("aria-describedby", error.id);
      } else {
        control.removeAttribute("aria-invalid");
        control.removeAttribute("aria-describedby");
      }
    },
  };
}

/**
 * One of several, in a list.
 *
 * @param {{name: string, text?: string, explanation?: (chosen: string) => Explanation, row?: boolean, options: Option[], onChange: (name: string) => void}} given
 */
export function choice(given) {
  const select = create("select");
  const { explanation } = given;
  const { element, refuse } = field(given.name, select, { ...given, explanation: explanation && (() => explanation(select.value)) });
  /** The entry for a value that no option stands for, such as layers that differ. */
  const other = create("option", { value: "", hidden: "" });
  let offered = "";
  /** @param {Option[]} options */
  function offer(options) {
    // A list that is open at this moment would close if its options were made anew.
    const key = options.map((option) => option.name).join();
    if (key === offered) return;
    offered = key;
    select.replaceChildren(
      other,
      ...options.map((option) =>
        create("option", { value: option.name, ...(option.help ? { title: option.help } : {}) }, option.title),
      ),
    );
  }
  offer(given.options);
  select.addEventListener("change", () => given.onChange(select.value));
  return {
    element,
    refuse,
    offer,
    /** @param {string} name @param {string} [words] what to say where no option has that name */
    set(name, words = "mixed") {
      setText(other, words);
      const known = Array.from(select.options, (option) => option.value);
      const value = known.includes(name) ? name : "";
      if (select.value !== value) select.value = value;
    },
  };
}

/**
 * A slider whose value is the quantity itself (0.03, not a place on a scale), wherever its scale puts it.
 *
 * @param {{name: string, text?: string, explanation?: () => Explanation, scale: Scale, words: (value: number) => string, onInput: (value: number) => void}} given
 */
export function slider(given) {
  const { scale } = given;
  const input = create("input", { type: "range", min: String(scale.low), max: String(scale.high), step: "any" });
  const track = create("span", { class: "slider" }, input);
  const words = create("span", { class: "field-value", "aria-hidden": "true" });
  const { element, refuse } = field(given.name, input, { ...given, body: track, value: words });

  /** @param {number} value */
  function show(value) {
    if (input.valueAsNumber !== value) input.value = String(value);
    track.style.setProperty("--fraction", scale.fraction(value).toFixed(4));
    const text = given.words(value);
    setText(words, text);
    input.setAttribute("aria-valuetext", text);
  }

  /** @param {number} value */
  function choose(value) {
    const before = input.valueAsNumber;
    show(value);
    if (value !== before) given.onInput(value);
  }

  input.addEventListener("input", () => {
    const value = input.valueAsNumber;
    show(value);
    given.onInput(value);
  });
  input.addEventListener("keydown", (event) => {
    const steps = KEYS[event.key];
    if (event.key === "Home" || event.key === "End") choose(event.key === "Home" ? scale.low : scale.high);
    else if (steps) choose(scale.stepped(input.valueAsNumber, steps));
    else return;
    event.preventDefault();
  });
  dragged(input, track, (fraction) => choose(scale.value(fraction)));

  return { element, refuse, set: show, input };
}

/** @type {Record<string, number>} */
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: PAGE, PageDown: -PAGE };

/**
 * Follow the pointer. The browser's own dragging is linear, so it is kept out.
 *
 * @param {HTMLInputElement} input
 * @param {HTMLElement} track
 * @param {(fraction: number) => void} move
 */
function dragged(input, track, move) {
  const THUMB = 16;
  /** @param {PointerEvent} event */
  function follow(event) {
    const box = track.getBoundingClientRect();
    move((event.clientX - box.left - THUMB / 2) / Math.max(1, box.width - THUMB));
  }
  input.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || input.disabled) return;
    event.preventDefault();
    input.focus({ preventScroll: true });
    input.setPointerCapture(event.pointerId);
    follow(event);
  });
  input.addEventListener("pointermove", (event) => {
    if (input.hasPointerCapture(event.pointerId)) follow(event);
  });
}

/**
 * A number or a word to type; given on Enter or when left. `onChange` answers whether it could be used.
 *
 * @param {{name: string, text?: string, explanation?: () => Explanation, numeric: boolean, onChange: (text: string) => boolean}} given
 */
export function textField(given) {
  const input = create("input", {
    type: "text", class: "text-input", autocomplete: "off", spellcheck: "false",
    ...(given.numeric ? { inputmode: "decimal" } : {}),
  });
  const { element, refuse } = field(given.name, input, { ...given, row: true });
  let last = "";
  input.addEventListener("change", () => {
    if (!given.onChange(input.value)) refuse(`${given.name} needs a ${given.numeric ? "number" : "value"}.`);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    input.value = last;
    refuse("");
  });
  return {
    element,
    refuse,
    /** @param {string} text */
    set(text) {
      const editing = document.activeElement === input && input.value !== last;
      last = text;
      if (!editing && input.value !== text) input.value = text;
    },
  };
}

/**
 * Yes or no.
 *
 * @param {{name: string, text?: string, explanation?: () => Explanation, onChange: (on: boolean) => void}} given
 */
export function toggle(given) {
  const input = create("input", { type: "checkbox", class: "tick" });
  const { element, refuse } = field(given.name, input, { ...given, row: true });
  input.addEventListener("change", () => given.onChange(input.checked));
  return {
    element,
    refuse,
    /** @param {boolean} on */
    set(on) {
      input.checked = on;
    },
  };
}

/**
 * A few ways to see one thing, side by side, as a radio group within `element`.
 *
 * @param {HTMLElement} element
 * @param {string} group the radios' common name
 * @param {Option[]} options
 * @param {(name: string) => void} onChange
 */
export function segments(element, group, options, onChange) {
  const inputs = options.map((option, index) => {
    const input = create("input", { type: "radio", name: group, value: option.name });
    input.checked = index === 0;
    input.addEventListener("change", () => onChange(option.name));
    element.append(create("label", option.term ? { "data-term": option.term } : {}, input, create("span", { "data-text": option.title }, option.title)));
    return input;
  });
  /** @param {string} name */
  return (name) => {
    for (const input of inputs) input.checked = input.value === name;
  };
}
