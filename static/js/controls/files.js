// The menu “File and share”: what goes out of the page and what comes in.

import { create } from "../draw/dom.js";
import { download, words } from "./dialog.js";
import { applyAddress, showAsLinked } from "./hiding.js";
import { undoButtons } from "./history.js";
import { copyLinkButton, sharing } from "./sharing.js";

/** @typedef {import("../flow/exchange.js").Exchange} Exchange */

/** @typedef {import("../flow/commands.js").Commands} Commands */

/** Views that can be saved as a picture, by their place in the page; which of them show something is seen when it is asked. @type {Record<string, string>} */
const PICTURED = {
  "network-view": "Network", "surface-view": "Decision surface", "loss-view": "Loss curves", "lab-map": "Gradients over training", "lab-curves": "Gradients as lines",
  "lab-profile": "Gradients layer by layer", "lab-ridges": "Activations", "lab-shares": "Saturated and dead", "lab-ratio": "Update ÷ weight",
};

// Before the session is there: what a link leaves out is not seen for a moment either.
applyAddress();

/**
 * @typedef {object} Needs
 * @property {(id: string) => HTMLElement} place
 * @property {Commands} commands
 * @property {Exchange} exchange
 * @property {() => any} session the latest state
 * @property {() => import("./parts.js").Reading} read
 * @property {import("./sharing.js").Links} links
 * @property {Parameters<typeof showAsLinked>[0] | null} link what the page's own address says
 * @property {(notice: {level: "info" | "warning" | "error", text: string}) => void} tell
 * @property {() => void} letWatch opens the dialog for that
 * @property {(sentence: string) => void} say
 */

/** The menu, the board to draw on, undo and redo. @param {Needs} needs */
export function filesAndChanges({ place, commands, exchange, session, read, links, link, tell, say, letWatch }) {
  const menu = place("files-menu");
  const showHistory = undoButtons({ undo: place("undo"), redo: place("redo") }, commands);
  if (link) showAsLinked(link);
  /** @type {import("./sharing.js").Notice} */
  const notice = (level, text) => tell({ level, text });
  const limits = () => session()?.limits ?? {};
  const shared = sharing(links, commands, exchange, session, notice, say);
  copyLinkButton(place("share"), shared, notice);
  /** @template T @param {() => T} make @returns {() => T} made when it is first opened */
  const once = (make) => {
    /** @type {T | undefined} */
    let made;
    return () => (made ??= make());
  };
  const table = once(async () => (await import("./tables.js")).tableDialog(exchange, () => limits().upload_bytes ?? Infinity));
  const share = once(async () => (await import("./share_dialog.js")).sharingDialog(shared));
  const pencil = place("draw-points");
  /** @type {ReturnType<typeof import("./drawing.js").drawing> | null} */
  let board = null;
  const drawing = once(async () => {
    const places = { button: pencil, head: /** @type {HTMLElement} */ (pencil.parentElement), surface: place("surface-view") };
    return (board = (await import("./drawing.js")).drawing(places, commands, read, say));
  });
  pencil.addEventListener("click", () => void tried(async () => (await drawing()).toggle()));
  const pictures = once(async () => (await import("./pictures.js")).picturesDialog(Object.entries(PICTURED).flatMap(([id, title]) => {
    const view = document.getElementById(id);
    return view ? [{ name: id.replace("-view", ""), title, element: view }] : [];
  })));
  const command = once(async () => (await import("./command.js")).commandDialog(say));

  const chooser = create("input", { type: "file", accept: ".zip,.json,application/zip,application/json", hidden: "", "aria-label": "A saved file" });
  chooser.addEventListener("change", async () => {
    const file = chooser.files?.[0];
    chooser.value = "";
    if (!file) return;
    const most = limits().saved_bytes ?? Infinity;
    if (file.size > most) notice("error", `${file.name} has ${Math.ceil(file.size / 2 ** 20)} MiB; at most ${Math.floor(most / 2 ** 20)} MiB can be opened.`);
    else await tried(() => exchange.load(file), `Opened ${file.name}.`);
  });

  /** @param {() => Promise<unknown>} act @param {string} [said] */
  async function tried(act, said) {
    try {
      await act();
      if (said) notice("info", said);
    } catch (error) {
      notice("error", words(error));
    }
  }

  /** @param {string} name */
  const give = (name) => () => tried(async () => {
    const { blob, name: called } = await exchange.file(name);
    download(blob, called);
  });

  for (const [title, entries] of /** @type {[string, [string, () => unknown][]][]} */ ([
    ["Share", [
      ["Link and frame …", () => tried(async () => (await share()).open())],
      ["Open a link …", () => tried(async () => (await share()).paste())],
      ["Let others watch …", letWatch],
    ]],
    ["File", [
      ["Save with weights", give("save")],
      ["Open a saved file …", () => chooser.click()],
    ]],
    ["Data", [
      ["Your own table …", () => tried(async () => (await table()).open())],
      ["Draw points", () => tried(async () => (await drawing()).start())],
      ["Download the data (CSV)", give("data")],
    ]],
    ["Take with you", [
      ["Copy as command …", () => tried(async () => (await command())(await exchange.file("command")))],
      ["NumPy script", give("numpy")],
      ["PyTorch script", give("pytorch")],
      ["Curves (CSV)", give("curves")],
      ["Save a picture …", () => tried(async () => (await pictures())())],
    ]],
  ])) {
    const id = `files-${title.toLowerCase().replaceAll(" ", "-")}`;
    menu.append(create("div", { role: "group", "aria-labelledby": id, class: "menu-group" }, create("h2", { id }, title),
      ...entries.map(([text, act]) => {
        const entry = create("button", { type: "button", class: "menu-entry" }, text);
        entry.addEventListener("click", () => {
          menu.hidePopover();
          void act();
        });
        return entry;
      })));
  }
  menu.append(chooser);
  return { showHistory, showData: (/** @type {import("./parts.js").Reading} */ now) => board?.show(now) };
}
