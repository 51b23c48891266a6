// Points drawn on the decision surface by mouse, finger or keyboard; they are the data from the first one on.

import { create, setText } from "../draw/dom.js";
import { squareIn } from "../draw/plane.js";
import { theme } from "../draw/theme.js";
import { partName } from "./parts.js";
import { segments } from "./widgets.js";

/** @typedef {import("../flow/commands.js").Commands} Commands */
/** @typedef {import("./parts.js").Reading} Reading */
/** @typedef {[number, number, number]} Point two coordinates and a class */

const LETTERS = ["A", "B", "C", "D"];
const REACH = 6;
/** Of a stroke, in units of the plane: closer points would say the same twice. */
const SPACING = 0.35;
const ERASER = 0.5;
const PEN_STEP = 0.25;
const MOST = 1000;
/** What was drawn just now is newer than what the server says. */
const SETTLE_MS = 700;

/**
 * @param {{button: HTMLElement, head: HTMLElement, surface: HTMLElement}} places the mode's button, the panel's head, the surface's view
 * @param {Commands} commands
 * @param {() => Reading} read
 * @param {(sentence: string) => void} say
 */
export function drawing({ button, head, surface }, commands, read, say) {
  /** @type {Point[]} */
  let points = [];
  let kind = 0;
  let erasing = false;
  let changed_ms = -Infinity;
  /** Are the points those of the experiment, or is the board empty while the network keeps what it had? */
  let following = false;
  let pen = { x: 0, y: 0, shown: false };

  const canvas = create("canvas", { "aria-hidden": "true" });
  const hint = create("p", { class: "draw-hint" });
  const board = create("div", {
    class: "draw-board", role: "application", tabindex: "0",
    "aria-label": "Drawing board: arrow keys move the pen, Enter sets a point, Delete erases, 1 to 4 choose the class",
  }, canvas, hint);
  const kinds = create("div", { class: "segments draw-kinds", role: "radiogroup", "aria-label": "Class to draw" });
  const choose = segments(kinds, "draw-kind", [
    ...LETTERS.map((letter, index) => ({ name: String(index), title: letter })),
    { name: "erase", title: "Erase" },
  ], (name) => pick(name));
  const clear = create("button", { type: "button", class: "pill-button" }, "Clear");
  const done = create("button", { type: "button", class: "pill-button strong" }, "Done");
  const tools = create("div", { class: "draw-tools", role: "group", "aria-label": "Draw points" }, kinds, clear, done);
  tools.hidden = true;
  head.append(tools);

  /** @param {string} name */
  function pick(name) {
    erasing = name === "erase";
    if (!erasing) kind = Number(name);
    choose(name);
    paint();
  }

  const isOn = () => button.getAttribute("aria-pressed") === "true";

  /** @param {boolean} on */
  function turn(on) {
    button.setAttribute("aria-pressed", String(on));
    head.classList.toggle("is-drawing", on);
    tools.hidden = !on;
    if (!on) {
      board.remove();
      if (document.activeElement === document.body) button.focus();
      return;
    }
    const data = read().value("data");
    const hasPlane = data?.features !== undefined;
    following = partName(data) === "drawn" || !hasPlane;
    points = partName(data) === "drawn" ? data.points ?? [] : [];
    if (!hasPlane) commands.edit("data", { name: "drawn", train_fraction: 1 });
    (surface.querySelector(".view-stage") ?? surface).append(board);
    pen.shown = false;
    pick("0");
    board.focus({ preventScroll: true });
  }

  /** Where the plane is on the board, in CSS px. */
  const square = () => squareIn(board.clientWidth, board.clientHeight, theme());

  /** @param {PointerEvent} event @returns {{x: number, y: number} | null} in units of the plane; null beside it */
  function placeOf(event) {
    const { left, top, side } = square();
    const box = board.getBoundingClientRect();
    const x = ((event.clientX - box.left - left) / side) * 2 * REACH - REACH;
    const y = REACH - ((event.clientY - box.top - top) / side) * 2 * REACH;
    return Math.abs(x) <= REACH && Math.abs(y) <= REACH ? { x, y } : null;
  }

  /** @param {number} x @param {number} y */
  function set(x, y) {
    if (erasing) {
      erase(x, y);
      return;
    }
    if (points.length >= MOST) {
      say(`At most ${MOST} points can be drawn.`);
      return;
    }
    give([...points, [Number(x.toFixed(2)), Number(y.toFixed(2)), kind]]);
  }

  /** @param {number} x @param {number} y */
  function erase(x, y) {
    const left = points.filter((point) => Math.hypot(point[0] - x, point[1] - y) > ERASER);
    if (left.length === points.length) return;
    if (left.length === 0) say("The last point stays: a network needs something to learn from.");
    else give(left);
  }

  /** @param {Point[]} next */
  function give(next) {
    const data = read().value("data");
    const isFirst = partName(data) !== "drawn";
    points = next;
    following = true;
    changed_ms = performance.now();
    if (isFirst) commands.edit("data", { name: "drawn", points, train_fraction: 1, standardize: data?.standardize ?? true, features: data?.features ?? ["x1", "x2"] });
    else commands.edit("data.points", points);
    paint();
  }

  function paint() {
    const { left, top, side } = square();
    if (side < 20) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(board.clientWidth * ratio);
    canvas.height = Math.round(board.clientHeight * ratio);
    const context = canvas.getContext("2d");
    if (!context) return;
    context.scale(ratio, ratio);
    setText(hint, points.length === 0 ? `Draw points of class ${LETTERS[kind]} here` : "");
    if (!pen.shown) return;
    const look = theme();
    const x = left + ((pen.x + REACH) / (2 * REACH)) * side;
    const y = top + ((REACH - pen.y) / (2 * REACH)) * side;
    context.strokeStyle = look.ink;
    context.lineWidth = 1.5 * look.weight;
    context.beginPath();
    context.arc(x, y, erasing ? (ERASER / (2 * REACH)) * side : 7, 0, 2 * Math.PI);
    if (!erasing) for (const [dx, dy] of [[0, 1], [1, 0]]) {
      context.moveTo(x - 11 * dx, y - 11 * dy);
      context.lineTo(x + 11 * dx, y + 11 * dy);
    }
    context.stroke();
  }

  /** @type {{x: number, y: number} | null} */
  let last = null;
  board.addEventListener("pointerdown", (event) => {
    const place = placeOf(event);
    if (event.button !== 0 || !place) return;
    event.preventDefault();
    board.focus({ preventScroll: true });
    board.setPointerCapture(event.pointerId);
    last = place;
    set(place.x, place.y);
  });
  board.addEventListener("pointermove", (event) => {
    const place = placeOf(event);
    pen = place ? { ...place, shown: true } : { ...pen, shown: false };
    if (place && last && board.hasPointerCapture(event.pointerId) && Math.hypot(place.x - last.x, place.y - last.y) >= SPACING) {
      last = place;
      set(place.x, place.y);
    } else {
      paint();
    }
  });
  board.addEventListener("pointerup", () => (last = null));
  board.addEventListener("pointercancel", () => (last = null));
  board.addEventListener("pointerleave", () => {
    pen.shown = false;
    paint();
  });

  board.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] });
    const move = moves[event.key];
    const step = event.shiftKey ? 1 : PEN_STEP;
    if (move) {
      const inside = (/** @type {number} */ value) => Math.max(-REACH, Math.min(REACH, value));
      pen = { x: inside(pen.x + move[0] * step), y: inside(pen.y + move[1] * step), shown: true };
      say(`${pen.x}, ${pen.y}`);
      paint();
    } else if (event.key === "Enter" || event.key === " ") {
      const before = points.length;
      set(pen.x, pen.y);
      say(points.length > before ? `Class ${LETTERS[kind]} at ${pen.x}, ${pen.y}: ${points.length} points` : `${points.length} points`);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      erase(pen.x, pen.y);
      say(`${points.length} points`);
    } else if (/^[1-4]$/.test(event.key)) {
      pick(String(Number(event.key) - 1));
      say(`Class ${LETTERS[kind]}`);
    } else if (event.key === "Escape") {
      turn(false);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });

  done.addEventListener("click", () => turn(false));
  clear.addEventListener("click", () => {
    // The network keeps what it has until something new is drawn.
    points = [];
    following = false;
    pick(String(kind));
    say("Cleared: draw the first point.");
    board.focus({ preventScroll: true });
  });

  return {
    start: () => turn(true),
    toggle: () => turn(!isOn()),
    /** What others did, such as Undo. @param {Reading} now */
    show(now) {
      if (!isOn() || !following || performance.now() - changed_ms < SETTLE_MS) return;
      const latest = now.value("data.points");
      if (partName(now.value("data")) !== "drawn" || !latest) return;
      points = latest;
      paint();
    },
  };
}
