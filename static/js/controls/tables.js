// A table of one's own: from a file or pasted, looked at by the server before it becomes the data.

import { create, setText } from "../draw/dom.js";
import { thousands } from "../draw/format.js";
import { button, complaint, dialog, words } from "./dialog.js";

/** @typedef {import("../flow/exchange.js").Exchange} Exchange */
/** @typedef {import("../flow/exchange.js").Seen} Seen */

const SETTLE_MS = 350;

/**
 * @param {Exchange} exchange
 * @param {() => number} most bytes the server takes
 */
export function tableDialog(exchange, most) {
  const file = create("input", { type: "file", id: "table-file", accept: ".csv,.tsv,.txt,text/csv,text/plain" });
  const text = create("textarea", { id: "table-text", rows: "7", spellcheck: "false", placeholder: "height,weight,kind\n1.5,50,cat\n1.7,60,dog" });
  const header = select("table-header", [["", "Found by itself"], ["yes", "Names the columns"], ["no", "Is data already"]]);
  const target = select("table-target", []);
  const seenText = create("p", { class: "quiet table-seen", role: "status" });
  const error = complaint();
  const use = button("Use this table", () => void take(), true);
  const element = dialog("Your own table", [
    create("p", { class: "quiet" }, "A row for each example, a column for each input and for what is to be predicted. Text columns become categories. The table stays on this server: it travels in a saved file, not in a link."),
    labelled("A CSV file", file),
    labelled("or paste it here", text),
    create("div", { class: "table-choices" }, labelled("First row", header), labelled("Predict", target)),
    seenText, error.element,
    create("div", { class: "dialog-actions" }, button("Cancel", () => element.close()), use),
  ], "table-sheet");

  /** @type {Blob | null} */
  let table = null;
  let timer = 0;
  let asked = 0;

  /** @param {Blob | null} given */
  function show(given) {
    table = given;
    target.replaceChildren();
    void look();
  }

  async function look() {
    clearTimeout(timer);
    const mine = ++asked;
    use.disabled = true;
    error.say("");
    setText(seenText, "");
    if (!table || table.size === 0) return;
    if (table.size > most()) {
      error.say(`This table has ${thousands(table.size)} bytes; at most ${thousands(most())} can be used.`);
      return;
    }
    try {
      const seen = await exchange.look(table, reading());
      if (mine === asked) tell(seen);
    } catch (problem) {
      if (mine === asked) error.say(words(problem));
    }
  }

  /** @returns {import("../flow/exchange.js").Reading} */
  const reading = () => ({ target: target.value ? [target.value] : [], header: /** @type {"" | "yes" | "no"} */ (header.value) });

  /** @param {Seen} seen */
  function tell(seen) {
    const chosen = seen.target?.[0] ?? "";
    target.replaceChildren(...(seen.columns ?? []).map(({ name, categories }) =>
      create("option", { value: name }, `${name} (${categories ? `${categories} categories` : "numbers"})`)));
    target.value = chosen;
    if (seen.error) {
      error.say(words(new Error(seen.error.message)));
      return;
    }
    const kinds = seen.classes?.length ? `${seen.classes.length} classes (${shortened(seen.classes)})` : "numbers to predict";
    setText(seenText, `${thousands(seen.rows ?? 0)} rows · ${seen.inputs} inputs · ${kinds}`);
    use.disabled = false;
  }

  async function take() {
    if (!table) return;
    use.disabled = true;
    try {
      await exchange.use(table, reading());
      element.close();
    } catch (problem) {
      error.say(words(problem));
    }
    use.disabled = false;
  }

  file.addEventListener("change", () => {
    text.value = "";
    show(file.files?.[0] ?? null);
  });
  text.addEventListener("input", () => {
    file.value = "";
    clearTimeout(timer);
    use.disabled = true;
    timer = Number(setTimeout(() => show(text.value.trim() ? new Blob([text.value]) : null), SETTLE_MS));
  });
  header.addEventListener("change", () => show(table));
  target.addEventListener("change", () => void look());

  return {
    open() {
      element.showModal();
      void look();
    },
  };
}

/** @param {string[]} classes */
function shortened(classes) {
  return classes.length <= 4 ? classes.join(", ") : `${classes.slice(0, 3).join(", ")} …`;
}

/** @param {string} id @param {[string, string][]} options */
function select(id, options) {
  return create("select", { id }, ...options.map(([value, title]) => create("option", { value }, title)));
}

/** @param {string} name @param {HTMLElement} control */
function labelled(name, control) {
  return create("div", { class: "labelled" }, create("label", { for: control.id }, name), control);
}
