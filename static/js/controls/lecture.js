// The lecture: scenarios and the presenter's layout, joined, and what the address asks of them.

import { presenter } from "./present.js";
import { scenarioBar } from "./scenarios.js";

/**
 * @param {{picker: HTMLSelectElement, bar: HTMLElement}} places
 * @param {{apply: (command: Record<string, unknown>) => Promise<{ok: boolean, number?: number}>, play: () => Promise<unknown>, pause: () => Promise<unknown>}} commands
 * @param {{say: (sentence: string) => void, redraw: () => void, failed: () => void, offered: () => void, live: Promise<unknown>}} page
 */
export function lecture({ picker, bar }, { apply, play, pause }, page) {
  const scenario = scenarioBar(picker, bar, { apply, play, pause, say: page.say, watch: (instrument) => present.watch(instrument) });
  const present = presenter(/** @type {HTMLElement} */ (bar.querySelector(".scenario-present")), () => {
    scenario.show();
    page.redraw();
  });
  const query = new URLSearchParams(location.search);
  if (query.has("present")) present.begin();
  // Opened before the line is live, a scenario would ask nobody; and the first pictures go first.
  page.live
    .then(() => fetch("/api/scenarios"))
    .then((answer) => answer.json())
    .then((library) => {
      scenario.offer(library, query.get("scenario"));
      page.offered();
    }, page.failed);
  return {
    ...scenario,
    /** As another page has it. @param {string | null} id @param {number} at @param {string | null} instrument */
    follow(id, at, instrument) {
      scenario.follow(id, at);
      present.follow(instrument);
    },
  };
}
