/** Examples that are pictures, with what the network takes them for: as a list of small cards. */

import { create, setText } from "../draw/dom.js";
import { thousands } from "../draw/format.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */
/** @typedef {{card: HTMLElement, canvas: HTMLCanvasElement, answer: HTMLElement, sure: HTMLElement}} Card */

/** Bright where the pen was, like chalk: the same in every mode. */
const PAPER = [250, 249, 246];

/** @param {HTMLElement} element */
export function mount(element) {
  element.classList.add("view", "view-examples");
  const caption = create("p", { class: "view-examples-caption" });
  const list = create("ul", { class: "view-examples-list", tabindex: "0", "aria-label": "Examples with the network's answers" });
  element.append(caption, list);
  /** @type {Card[]} */
  let cards = [];
  let known = "";

  /** @param {Slice} slice */
  function rebuild(slice) {
    const points = slice.points;
    const images = points?.arrays.example_images;
    const [rows, columns] = points?.header.image ?? [0, 0];
    const key = [points?.header.revision, images?.length].join();
    if (key === known) return;
    known = key;
    cards = [];
    list.replaceChildren();
    if (!(images instanceof Uint8Array) || rows * columns === 0) return;
    for (let first = 0; first < images.length; first += rows * columns) {
      const canvas = create("canvas", { width: String(columns), height: String(rows), "aria-hidden": "true" });
      paint(canvas, images.subarray(first, first + rows * columns));
      const answer = create("b", {});
      const sure = create("span", {});
      const card = create("li", {}, canvas, create("span", { class: "view-examples-words" }, answer, sure));
      list.append(card);
      cards.push({ card, canvas, answer, sure });
    }
  }

  return (/** @type {Slice} */ slice) => {
    rebuild(slice);
    const predicted = slice.arrays?.example_class;
    const sure = slice.arrays?.example_confidence;
    const targets = slice.points?.arrays.example_targets;
    if (!predicted || !sure || !targets) return;
    const names = slice.points?.header.class_names ?? [];
    let wrong = 0;
    cards.forEach(({ card, answer, sure: percent }, index) => {
      const right = predicted[index] === targets[index];
      if (!right) wrong += 1;
      const own = names[predicted[index]] ?? String(predicted[index]);
      const true_name = names[targets[index]] ?? String(targets[index]);
      card.dataset.right = String(right);
      setText(answer, right ? own : `${own} ≠ ${true_name}`);
      setText(percent, `${Math.round((100 * sure[index]) / 255)} %`);
      const words = `${true_name}: taken for ${own}${right ? "" : ", wrong"}`;
      if (card.title !== words) card.title = words;
    });
    const of = slice.points?.header.examples_of ?? "test";
    setText(caption, `${cards.length} ${of} examples, the same ones at every step: ${thousands(cards.length - wrong)} right, ${thousands(wrong)} wrong`);
  };
}

/** @param {HTMLCanvasElement} canvas @param {Uint8Array} pixels 255 = the pen */
function paint(canvas, pixels) {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = context.createImageData(canvas.width, canvas.height);
  pixels.forEach((value, index) => {
    for (let channel = 0; channel < 3; channel += 1) image.data[4 * index + channel] = Math.round(PAPER[channel] * (1 - value / 255) + 20 * (value / 255));
    image.data[4 * index + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}
