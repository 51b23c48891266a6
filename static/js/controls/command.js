// The line for the command line that repeats the run, and the files that it needs.

import { create, setText } from "../draw/dom.js";
import { thousands } from "../draw/format.js";
import { button, copy, dialog, download } from "./dialog.js";

/** @typedef {{name: string, blob: Blob, words: {line: string, whole: string | null, is_exact: boolean, steps: number, made: number}}} Command */

/** @param {(sentence: string) => void} say */
export function commandDialog(say) {
  const note = create("p", { class: "quiet" });
  const line = create("pre", { class: "command-line", tabindex: "0", "aria-label": "Command" });
  const hint = create("p", { class: "quiet" });
  /** @type {Command | null} */
  let now = null;
  const copier = button("Copy", () => void copy(copier, () => line.textContent ?? "", say), true);
  const files = button("Download its files", () => now && download(now.blob, now.name));
  const element = dialog("Copy as command", [note, line, hint, create("div", { class: "dialog-actions" }, files, copier)]);
  return (/** @type {Command} */ command) => {
    now = command;
    const { whole, line: withFiles, is_exact, steps, made } = command.words;
    setText(line, whole ?? withFiles);
    setText(note, is_exact
      ? made > 0 ? `This repeats the run without a browser, with the same numbers: ${thousands(steps)} steps.` : `This trains the experiment without a browser, as the page would: ${thousands(steps)} steps.`
      : "The run was changed while it trained, so no single line repeats it. This one trains the experiment as it is now, from its start; its numbers will differ.");
    setText(hint, whole ? `Or, with the downloaded files unpacked: ${withFiles}` : "It needs the downloaded files, unpacked, in the folder where it runs.");
    element.showModal();
  };
}
