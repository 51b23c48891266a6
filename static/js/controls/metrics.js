// The numbers that stream: step, epoch, losses, scores. Their full value stands in `data-value`.

import { setText } from "../draw/dom.js";
import { compact, thousands } from "../draw/format.js";

/** @typedef {{step: number, epoch: number, training_loss?: number | null, test_loss?: number | null, validation_loss?: number | null, metric?: string | null, training_metric?: number | null, test_metric?: number | null, validation_metric?: number | null}} Header */

/** @param {ParentNode} page */
export function metrics(page) {
  /** @param {string} name */
  const place = (name) => /** @type {HTMLElement} */ (page.querySelector(`[data-metric="${name}"]`));
  const places = {
    step: place("step"),
    epoch: place("epoch"),
    training_loss: place("training_loss"),
    test_loss: place("test_loss"),
    validation_loss: place("validation_loss"),
    training_metric: place("training_metric"),
    test_metric: place("test_metric"),
    validation_metric: place("validation_metric"),
  };

  /** @param {HTMLElement} element @param {number | null | undefined} value @param {string} text */
  function put(element, value, text) {
    setText(element, text);
    element.dataset.value = value === null || value === undefined ? "" : String(value);
  }

  return (/** @type {Header} */ header) => {
    put(places.step, header.step, countWords(header.step));
    places.step.classList.toggle("long", header.step >= 1e5);
    put(places.epoch, header.epoch, countWords(header.epoch));
    put(places.training_loss, header.training_loss, lossWords(header.training_loss));
    put(places.test_loss, header.test_loss, lossWords(header.test_loss));
    put(places.validation_loss, header.validation_loss, lossWords(header.validation_loss));
    // Without a validation set there is no word of one.
    const row = /** @type {HTMLElement} */ (places.validation_loss.parentElement);
    row.hidden = (header.validation_loss ?? null) === null;
    const metric = header.metric ?? "";
    put(places.training_metric, header.training_metric, scoreWords(metric, header.training_metric));
    put(places.test_metric, header.test_metric, scoreWords(metric, header.test_metric));
    put(places.validation_metric, header.validation_metric, scoreWords(metric, header.validation_metric));
  };
}

/** Whole up to ten millions: then a place that has room for nine digits would not do. @param {number} count */
export function countWords(count) {
  return count < 1e7 ? thousands(count) : `${(count / 1e6).toFixed(2)}\u2009M`;
}

/** Three places, so that the digits stand still; below that, powers of ten. @param {number | null | undefined} loss */
export function lossWords(loss) {
  if (loss === null || loss === undefined) return "–";
  if (loss === 0 || (loss >= 0.001 && loss < 100)) return loss.toFixed(3);
  return loss >= 100 && loss < 10000 ? loss.toFixed(0) : compact(loss);
}

/**
 * @param {string} metric its name
 * @param {number | null | undefined} value
 */
export function scoreWords(metric, value) {
  if (metric === "" || value === null || value === undefined) return "";
  if (metric === "accuracy") return `${(value * 100).toFixed(1)}\u2009% right`;
  return `${metric === "r2" ? "R²" : metric} ${Math.abs(value) < 100 ? value.toFixed(2).replace("-", "\u2212") : compact(value)}`;
}
