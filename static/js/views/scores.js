/** How good the predictions are on each set: the task's measures, and for classes the confusion matrix. */

import { create, setText } from "../draw/dom.js";
import { ageTeller, counted, thousands } from "../draw/format.js";
import { cellShade, measuresOf, SETS } from "../draw/scores.js";
import { theme } from "../draw/theme.js";

/** @typedef {import("../draw/slice.js").Slice} Slice */

/** @param {HTMLElement} element */
export function mount(element) {
  element.classList.add("view", "view-scores");
  const table = create("table", { class: "view-scores-table" });
  const choice = create("select", { "aria-label": "Set of the confusion matrix" });
  const matrix = create("table", { class: "view-scores-matrix" });
  const caption = create("caption", {});
  const head = create("p", { class: "view-scores-head" }, create("span", {}, "Confusion matrix"), choice);
  const note = create("p", { class: "view-scores-note" }, "Rows: the true class. Columns: what the network says. Colour: the share of the row.");
  const scroll = create("div", { class: "view-scores-scroll", tabindex: "0", role: "group", "aria-label": "Metrics" }, table, head, matrix, note);
  element.append(scroll);
  /** @type {Slice} */
  let slice = {};
  let tableKey = "";
  let matrixKey = "";
  const tellAge = ageTeller();
  choice.addEventListener("change", () => draw());

  /** @param {string[]} sets */
  function offer(sets) {
    const key = sets.join();
    if (choice.dataset.sets === key) return;
    choice.dataset.sets = key;
    const before = choice.value;
    choice.replaceChildren(...sets.map((name) => create("option", { value: name }, SETS[name])));
    choice.value = sets.includes(before) ? before : sets.includes("test") ? "test" : sets[0];
  }

  function draw() {
    const report = slice.header?.report;
    if (!report) return;
    const sets = Object.keys(SETS).filter((name) => report[name]?.examples);
    const measures = measuresOf(report.training);
    const key = [...sets, ...measures.map(({ name }) => name)].join();
    if (key !== tableKey) {
      tableKey = key;
      table.replaceChildren(
        create("caption", { class: "spoken" }, "Measures of each set"),
        create("thead", {}, create("tr", {}, create("td", {}), ...sets.map((name) => create("th", { scope: "col" }, SETS[name])))),
        create("tbody", {}, ...measures.map(({ title, meaning }) => create("tr", {}, create("th", { scope: "row", title: meaning }, title), ...sets.map(() => create("td", {})))),
          create("tr", {}, create("th", { scope: "row", title: "How many examples the set has." }, "Examples"), ...sets.map(() => create("td", {})))),
      );
    }
    setText(/** @type {Element} */ (table.tHead?.rows[0].cells[0]), tellAge(slice.header, report.step));
    const rows = table.tBodies[0]?.rows ?? [];
    sets.forEach((set, column) => {
      measures.forEach(({ name, shown }, index) => {
        const value = report[set][name];
        const cell = rows[index].cells[column + 1];
        setText(cell, value === null || value === undefined ? "–" : shown(value));
        cell.dataset.metric = `${set}_${name}`;
        cell.dataset.value = String(value ?? "");
      });
      setText(rows[measures.length].cells[column + 1], thousands(report[set].examples));
    });
    offer(sets);
    drawMatrix(report[choice.value]?.confusion, choice.value);
  }

  /** @param {number[][] | undefined} counts @param {string} set */
  function drawMatrix(counts, set) {
    head.hidden = matrix.hidden = note.hidden = counts === undefined;
    if (counts === undefined) return;
    const names = slice.points?.header.class_names ?? [];
    const key = [counts.length, ...names].join();
    if (key !== matrixKey || matrix.rows.length === 0) {
      matrixKey = key;
      const title = (/** @type {number} */ index) => names[index] ?? `class ${index}`;
      matrix.replaceChildren(
        caption,
        create("thead", {}, create("tr", {}, create("td", {}), ...counts.map((_, index) => create("th", { scope: "col", title: title(index) }, title(index))))),
        create("tbody", {}, ...counts.map((row, index) => create("tr", {}, create("th", { scope: "row", title: title(index) }, title(index)), ...row.map(() => create("td", {}))))),
      );
      matrix.dataset.many = String(counts.length > 5);
    }
    const look = theme();
    caption.className = "spoken";
    setText(caption, `Confusion matrix of the ${SETS[set].toLowerCase()} set: rows are true classes, columns predicted ones`);
    counts.forEach((row, index) => {
      const total = row.reduce((sum, count) => sum + count, 0);
      row.forEach((count, column) => {
        const cell = matrix.tBodies[0].rows[index].cells[column + 1];
        const { background, ink } = cellShade(count, total, index === column, look);
        setText(cell, String(count));
        if (cell.style.background !== background) cell.style.background = background;
        if (cell.style.color !== ink) cell.style.color = ink;
        cell.title = `${names[index] ?? index} taken for ${names[column] ?? column}: ${counted(count, "example")} of ${total}`;
      });
    });
  }

  return (/** @type {Slice} */ next) => {
    slice = next;
    draw();
  };
}
