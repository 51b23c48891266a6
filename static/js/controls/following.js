// The presenter's page tells what it shows; those who follow show the same. What is shown is looked at, so no part needs to know.

/** @typedef {Record<string, string | number | null>} Presented */

const LOOK_MS = 250;

/**
 * @typedef {object} Shown
 * @property {() => Presented} now
 * @property {(what: Presented) => void} show
 */

/**
 * @param {Shown} page
 * @param {{wanted: () => boolean, present: (what: Presented) => Promise<{ok: boolean}>}} hall `wanted`: somebody watches, and we steer
 */
export function presentChanges(page, hall) {
  let told = "";
  setInterval(async () => {
    if (document.hidden || !hall.wanted()) return;
    const what = page.now();
    const text = JSON.stringify(what);
    if (text === told) return;
    told = text;
    if (!(await hall.present(what)).ok) told = "";
  }, LOOK_MS);
}

/**
 * What of a page can be followed.
 *
 * @param {{
 *   lecture: () => {now: () => {id: string, at: number} | null, follow: (id: string | null, at: number, instrument: string | null) => void} | null,
 *   focus: (layer: number) => void,
 *   focused: () => number | null,
 *   point: (layer: number | null) => void,
 *   pointed: () => number | null,
 * }} parts
 * @returns {Shown}
 */
export function followable({ lecture, focus, focused, point, pointed }) {
  const quantity = /** @type {HTMLSelectElement} */ (document.getElementById("lab-quantity"));
  const output = () => /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("#output-segments input[type=radio]"));
  return {
    now() {
      const scene = lecture()?.now();
      return {
        scenario: scene?.id ?? null,
        scene: scene?.at ?? null,
        instrument: document.documentElement.dataset.present ?? null,
        focus: focused(),
        quantity: quantity.value,
        layer: pointed(),
        output: [...output()].find((radio) => radio.checked)?.value ?? null,
      };
    },
    show(what) {
      lecture()?.follow(what.scenario == null ? null : String(what.scenario), Number(what.scene ?? 0), what.instrument == null ? null : String(what.instrument));
      if (typeof what.focus === "number") focus(what.focus);
      point(typeof what.layer === "number" ? what.layer : null);
      if (what.quantity && quantity.value !== what.quantity) {
        quantity.value = String(what.quantity);
        quantity.dispatchEvent(new Event("change"));
      }
      const radio = [...output()].find((each) => each.value === what.output);
      if (radio && !radio.checked) radio.click();
    },
  };
}

/**
 * Tell what this page shows while it steers and somebody watches; show what is presented while it watches and follows.
 *
 * @param {Shown} shown
 * @param {{get: () => import("../flow/reducer.js").Page, watch: (select: (page: import("../flow/reducer.js").Page) => unknown, listener: () => void) => unknown}} store
 * @param {{present: (what: Presented) => Promise<{ok: boolean}>}} hall
 * @param {{steers: () => boolean, follows: () => boolean}} page
 */
export function showTogether(shown, store, hall, page) {
  presentChanges(shown, { wanted: () => page.steers() && (store.get().session?.watching ?? 0) > 0, present: hall.present });
  const follow = () => {
    if (page.follows() && Object.keys(store.get().presented).length > 0) shown.show(store.get().presented);
  };
  store.watch((now) => now.presented, follow);
  return follow;
}
