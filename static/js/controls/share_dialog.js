// The dialogs for links: link and frame to give away, and the way in for links of others.

import { create, setText } from "../draw/dom.js";
import { button, complaint, copy, dialog, words } from "./dialog.js";
import { HIDEABLE } from "./hiding.js";
import { STAYS } from "./sharing.js";

/** @typedef {import("./sharing.js").Sharing} Sharing */

/** Of the frame: a tablet's width, so that network and output stand side by side. */
const FRAME = { width: 1024, height: 720 };

/** @param {Sharing} sharing */
export function sharingDialog({ address, short, open, ownTable, say }) {
  const embed = create("input", { type: "checkbox", id: "share-embed" });
  const boxes = HIDEABLE.map(({ name, title }) => {
    const box = create("input", { type: "checkbox", value: name });
    return { box, element: create("label", { class: "check" }, box, create("span", {}, title)) };
  });
  const link = create("textarea", { id: "share-link", rows: "3", readonly: "", spellcheck: "false" });
  const frame = create("textarea", { id: "share-frame", rows: "3", readonly: "", spellcheck: "false" });
  const note = create("p", { class: "quiet" });
  const copyLink = button("Copy link", () => void copy(copyLink, () => link.value, say), true);
  const shorten = button("Short link", () => void makeShort());
  const error = complaint();
  const copyFrame = button("Copy frame", () => void copy(copyFrame, () => frame.value, say));
  const frameBox = create("div", { class: "labelled" }, create("label", { for: "share-frame" }, "For a page of yours"), frame, create("div", { class: "dialog-actions" }, copyFrame));
  const hideBox = create("details", { class: "share-hide" }, create("summary", {}, "Leave controls out"), create("div", { class: "share-boxes" }, ...boxes.map(({ element }) => element)));
  const element = dialog("Link and frame", [
    create("p", { class: "quiet" }, "Whoever opens the link gets this experiment with its seed, untrained: the same curve, bit for bit."),
    note,
    create("label", { class: "check" }, embed, create("span", {}, "To stand in another page (embedded)")),
    hideBox,
    create("div", { class: "labelled" }, create("label", { for: "share-link" }, "Link"), link, error.element, create("div", { class: "dialog-actions" }, shorten, copyLink)),
    frameBox,
  ]);

  const chosen = () => ({ embed: embed.checked, hide: boxes.filter(({ box }) => box.checked).map(({ box }) => box.value) });

  async function makeShort() {
    try {
      put(await short(chosen()));
      say("The link is short now.");
      link.select();
    } catch (problem) {
      error.say(words(problem));
    }
  }

  async function show() {
    error.say("");
    shorten.hidden = ownTable();
    put(await address(chosen()));
  }

  /** @param {string} url */
  function put(url) {
    link.value = url;
    const place = url.replaceAll("&", "&amp;");
    frame.value = `<iframe src="${place}" width="${FRAME.width}" height="${FRAME.height}" title="Backprop Playground" style="border: 0" allow="clipboard-write"></iframe>`;
    frameBox.hidden = !embed.checked;
    setText(note, ownTable() ? STAYS.trim() : "");
  }
  for (const box of [embed, ...boxes.map(({ box: one }) => one)]) box.addEventListener("change", () => void show());

  return {
    open() {
      void show();
      element.showModal();
    },
    paste: pasteDialog(open),
  };
}

/** @param {Sharing["open"]} open */
function pasteDialog(open) {
  const text = create("textarea", { id: "paste-link", rows: "5", spellcheck: "false", placeholder: "playground.tensorflow.org/#activation=tanh&…" });
  const error = complaint();
  const take = button("Open", () => void enter(), true);
  const element = dialog("Open a link", [
    create("p", { class: "quiet" }, "A link of this playground, a link of TensorFlow Playground, or an experiment as JSON. What you have now can be brought back with Undo."),
    create("div", { class: "labelled" }, create("label", { for: "paste-link" }, "Link or JSON"), text),
    error.element,
    create("div", { class: "dialog-actions" }, button("Cancel", () => element.close()), take),
  ]);
  async function enter() {
    error.say("");
    try {
      if (await open(text.value)) element.close();
      else error.say("There is no experiment in this text.");
    } catch (problem) {
      error.say(words(problem));
    }
  }
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    void enter();
  });
  return () => {
    text.value = "";
    error.say("");
    element.showModal();
  };
}
