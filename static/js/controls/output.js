// How the pictures look at the run: which output, what lies on it, through which coordinates; weights or gradients.

import { create } from "../draw/dom.js";
import { featureName } from "../draw/format.js";
import { axesAfter } from "./axes.js";
import { segments } from "./widgets.js";

/** @typedef {import("../draw/slice.js").PointsHeader} PointsHeader */
/**
 * @typedef {object} Look
 * @property {string} picture surface | examples | metrics
 * @property {boolean} testPoints
 * @property {boolean} discretize
 * @property {boolean} gradients links show gradients
 */

const PICTURES = [
  { name: "surface", title: "Surface", term: "surface" },
  { name: "examples", title: "Examples", term: "examples" },
  { name: "metrics", title: "Metrics", term: "metrics" },
];

/**
 * @param {{panel: HTMLElement, pictures: HTMLElement, options: HTMLElement, links: HTMLElement}} places
 * @param {{lookAt: (axes: number[] | null, gradients: boolean) => void}} commands
 * @param {(...names: string[]) => void} redraw
 */
export function outputControls({ panel, pictures, options, links }, commands, redraw) {
  /** @type {Look} */
  const look = { picture: "surface", testPoints: true, discretize: false, gradients: false };
  const onChange = () => redraw("surface", "examples", "scores");
  const choose = segments(pictures, "output-show", PICTURES, (chosen) => {
    look.picture = chosen;
    panel.dataset.show = chosen;
    onChange();
  });
  offerExamples(false);
  const testPoints = check("test_points", "Test points", true, (on) => {
    look.testPoints = on;
  });
  const discretize = check("discretize", "Discretize output", false, (on) => {
    look.discretize = on;
  });
  const across = create("select", { "aria-label": "Horizontal axis" });
  const up = create("select", { "aria-label": "Vertical axis" });
  const axes = create("span", { class: "output-axes", hidden: "" }, across, create("span", { "aria-hidden": "true" }, "×"), up);
  options.append(testPoints, discretize, axes);
  segments(links, "network-show", [{ name: "weights", title: "Weights", term: "links_weights" }, { name: "gradients", title: "Gradients", term: "links_gradients" }], (shown) => {
    look.gradients = shown === "gradients";
    commands.lookAt(chosen, look.gradients);
    redraw("network", "river");
  });
  /** @type {number[] | null} */
  let chosen = null;
  let known = "";

  /** @param {string} term @param {string} title @param {boolean} on @param {(on: boolean) => void} set */
  function check(term, title, on, set) {
    const input = create("input", { type: "checkbox", id: term.replace("_", "-") });
    input.checked = on;
    input.addEventListener("change", () => {
      set(input.checked);
      onChange();
    });
    return create("label", { class: "check", "data-term": term }, input, create("span", {}, title));
  }

  [across, up].forEach((select, index) => {
    select.addEventListener("change", () => {
      chosen = axesAfter(chosen, index, select.value === "" ? null : Number(select.value), across.options.length - 1);
      mark();
      commands.lookAt(chosen, look.gradients);
    });
  });

  /** Until it is known that there are pictures, there are none. @param {boolean} are */
  function offerExamples(are) {
    for (const label of pictures.querySelectorAll("label")) {
      if (label.querySelector("input")?.value === "examples") label.hidden = !are;
    }
  }

  function mark() {
    across.value = chosen === null ? "" : String(chosen[0]);
    up.value = chosen === null ? "" : String(chosen[1]);
  }

  return {
    look,
    /** What the data allow. @param {PointsHeader} header */
    show({ lens, feature_names: names, image, task, class_names: classes }) {
      const many = lens?.kind === "features" || lens?.kind === "components";
      axes.hidden = !many || names.length < 3;
      discretize.hidden = lens?.kind === "line" || task === "regression";
      const examples = image !== null && image !== undefined && classes.length > 2;
      offerExamples(examples);
      if (!examples && look.picture === "examples") {
        look.picture = panel.dataset.show = "surface";
        choose("surface");
      }
      const key = names.join("\n");
      if (key !== known) {
        known = key;
        [across, up].forEach((select, index) => {
          select.replaceChildren(
            create("option", { value: "" }, `component ${index + 1}`),
            ...names.map((name, axis) => create("option", { value: String(axis) }, featureName(name))),
          );
        });
      }
      chosen = lens?.kind === "features" ? lens.axes : null;
      mark();
    },
  };
}
