/** Keys of colours and lines, as elements: the labelled ends of a ramp, a swatch with its word. */

import { create, powerOfTen } from "./dom.js";

/** A ramp between its labelled ends; writes only what changed. */
export function rampKey() {
  const low = create("span", { class: "view-key-end" });
  const bar = create("span", { class: "view-key-bar", "aria-hidden": "true" });
  const high = create("span", { class: "view-key-end" });
  // Hidden until it has something to say.
  const element = create("span", { class: "view-key", hidden: "" }, low, bar, high);
  let said = "";
  /** @type {string[] | null} */
  let shades = null;
  return {
    element,
    /** @param {string[]} css a ramp of 256 colours; compared by identity */
    colors(css) {
      if (css === shades) return;
      shades = css;
      bar.style.background = `linear-gradient(to right, ${css.filter((_, index) => index % 15 === 0).join(", ")})`;
    },
    /** @param {import("./scale.js").Decades} decades */
    decades(decades) {
      const key = `${decades.low} ${decades.high}`;
      if (key === said) return;
      said = key;
      element.hidden = false;
      low.replaceChildren(...powerOfTen(decades.low));
      high.replaceChildren(...powerOfTen(decades.high));
    },
    /** @param {string} from @param {string} to */
    ends(from, to) {
      const key = `${from} ${to}`;
      if (key === said) return;
      said = key;
      element.hidden = false;
      low.replaceChildren(from);
      high.replaceChildren(to);
    },
  };
}

/**
 * @param {string} kind class of the swatch
 * @param {string} word
 */
export function swatch(kind, word) {
  return create("span", { class: "view-swatch" }, create("span", { class: `view-swatch-mark ${kind}`, "aria-hidden": "true" }), word);
}
