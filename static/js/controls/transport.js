// Play or pause, one step, reset, and how fast.

import { setText } from "../draw/dom.js";
import { thousands } from "../draw/format.js";
import { logScale } from "./scale.js";
import { slider } from "./widgets.js";

/** @typedef {import("../flow/commands.js").Commands} Commands */

/**
 * @typedef {object} Motion
 * @property {boolean} running
 * @property {boolean} enabled
 * @property {number | null} speed what was asked for; null: as fast as it goes
 * @property {number | null} measured steps a second of late
 */

/** The slider's far end; it stands for "as fast as it goes". */
const FULL = 20000;

/**
 * @param {{play: HTMLElement, step: HTMLElement, reset: HTMLElement, speed: HTMLElement}} places
 * @param {Commands} commands
 */
export function transport(places, commands) {
  const text = /** @type {HTMLElement} */ (places.play.querySelector("span"));
  /** @type {Motion} */
  let motion = { running: false, enabled: false, speed: 200, measured: null };

  const speed = slider({
    name: "Speed",
    scale: logScale(1, FULL),
    words: speedWords,
    onInput: (value) => commands.speed(value >= FULL ? null : value),
  });
  speed.input.dataset.term = "speed";
  speed.element.querySelector("label")?.setAttribute("data-term", "speed");
  places.speed.append(speed.element);

  /** @param {number} value */
  function speedWords(value) {
    if (value < FULL) return `${thousands(value)}\u2009/s`;
    return motion.running && motion.measured !== null ? `${thousands(Number(motion.measured.toPrecision(2)))}\u2009/s` : "full speed";
  }

  const toggle = () => void (motion.running ? commands.pause() : commands.play());
  places.play.addEventListener("click", toggle);
  places.step.addEventListener("click", () => void commands.step());
  places.reset.addEventListener("click", () => void commands.reset());

  return {
    toggle,
    /** @param {Motion} next */
    show(next) {
      motion = next;
      setText(text, motion.running ? "Pause" : "Play");
      places.play.dataset.running = String(motion.running);
      for (const button of [places.play, places.step, places.reset]) {
        /** @type {HTMLButtonElement} */ (button).disabled = !motion.enabled;
      }
      speed.set(motion.speed ?? FULL);
    },
    /** @param {string} sentence */
    refuse: speed.refuse,
  };
}
