// The presenter's layout: large, with the one or two instruments a scene is about.

import { create } from "../draw/dom.js";

/** What can stand beside the answer. */
const INSTRUMENTS = [
  { name: "gradients", title: "Gradients" },
  { name: "network", title: "Network" },
  { name: "surface", title: "Answer" },
  { name: "loss", title: "Loss" },
  { name: "ratio", title: "Update ÷ weight" },
  { name: "units", title: "Units" },
];

/**
 * @param {HTMLElement} place where its switch and its list of instruments go
 * @param {() => void} changed
 */
export function presenter(place, changed) {
  const root = document.documentElement;
  const button = create("button", { type: "button", class: "pill-button", "aria-pressed": "false", title: "Large, for the last row: Escape leaves it" }, "Present");
  const list = create("select", { "aria-label": "Instrument", hidden: "" });
  list.append(...INSTRUMENTS.map(({ name, title }) => create("option", { value: name }, title)));
  place.append(list, button);
  let before = root.dataset.mode ?? "light";
  let watched = "gradients";

  /** @param {string | null} instrument null: back to the desk */
  function set(instrument) {
    const presenting = root.dataset.present !== undefined;
    if (instrument === null) {
      if (!presenting) return;
      delete root.dataset.present;
      root.dataset.mode = before;
    } else {
      if (!presenting) before = root.dataset.mode ?? "light";
      // A dark room's lecture stays dark.
      if (before !== "dark") root.dataset.mode = "projector";
      root.dataset.present = instrument;
      list.value = instrument;
    }
    list.hidden = instrument === null;
    button.setAttribute("aria-pressed", String(instrument !== null));
    changed();
  }

  button.addEventListener("click", () => set(root.dataset.present === undefined ? watched : null));
  list.addEventListener("change", () => set(list.value));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && root.dataset.present !== undefined) set(null);
  });

  return {
    /** A scene wants this one; it is shown if the presenter's layout is on. @param {string | null} instrument */
    watch(instrument) {
      watched = INSTRUMENTS.find(({ name }) => name === instrument)?.name ?? "gradients";
      if (root.dataset.present !== undefined && root.dataset.present !== watched) set(watched);
    },
    begin: () => set(watched),
    /** As another page has it; null: the desk. @param {string | null} instrument */
    follow(instrument) {
      if (instrument !== (root.dataset.present ?? null)) set(instrument);
    },
    get on() {
      return root.dataset.present !== undefined;
    },
  };
}
