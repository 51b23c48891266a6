// The tour: six short stops beside what they speak of. Offered, never modal; Esc ends it.

import { create, setText } from "../draw/dom.js";

/** @typedef {{at: string, title: string, text: string}} Stop */

/** @type {Stop[]} */
export const STOPS = [
  { at: "#play", title: "Press Play", text: "The network starts to learn. Press again to pause: nothing is lost." },
  { at: ".surface-figure", title: "Watch its answer", text: "The colours are what it answers everywhere on the plane. They bend until they separate the dots; hollow dots are kept aside to test it." },
  { at: "#network-view", title: "Look inside", text: "Each square is a neuron, and shows what it answers over the same plane. Thick lines are strong weights, their colour is the sign." },
  { at: "#lab", title: "Follow the gradient", text: "The error travels back from the output, layer by layer. A pale row receives almost nothing: that layer hardly learns." },
  { at: "#setup", title: "Change anything", text: "Data, features, layers, learning rate: also while it trains. What was learned is kept." },
  { at: "#keys", title: "Ask", text: "Point at a word, or touch it, and it is explained. The key ? lists all keys." },
];

const REMEMBERED = "tour";
const GAP = 12;

/**
 * @param {{offer: HTMLElement, again: HTMLElement}} places `again`: a button that is always there
 */
export function tour({ offer, again }) {
  let at = -1;
  /** Those whose place can be seen: a projector shows no form. @type {Stop[]} */
  let stops = [];
  /** @type {Element | null} */
  let before = null;
  const title = create("h2", { id: "tour-title" });
  const text = create("p", { id: "tour-text" });
  const count = create("span", { class: "quiet" });
  const back = create("button", { type: "button", class: "pill-button" }, "Back");
  const next = create("button", { type: "button", class: "pill-button strong" }, "Next");
  const end = create("button", { type: "button", class: "icon-button", "aria-label": "End the tour" }, "\u00d7");
  const card = create(
    "section",
    { class: "tour", "aria-labelledby": "tour-title", "aria-describedby": "tour-text", tabindex: "-1", hidden: "" },
    create("div", { class: "tour-head" }, title, end), text, create("div", { class: "tour-foot" }, count, back, next),
  );
  document.body.append(card);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  const target = () => document.querySelector(stops[at]?.at ?? "#none");

  /** @param {number} index */
  function go(index) {
    target()?.classList.remove("tour-spot");
    at = index;
    card.hidden = at < 0 || at >= stops.length;
    if (card.hidden) return finish();
    setText(title, stops[at].title);
    setText(text, stops[at].text);
    setText(count, `${at + 1} of ${stops.length}`);
    setText(next, at === stops.length - 1 ? "Done" : "Next");
    back.disabled = at === 0;
    target()?.classList.add("tour-spot");
    target()?.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
    place();
    // Where the focus goes the words are read out.
    card.focus({ preventScroll: true });
  }

  function finish() {
    at = -1;
    remember();
    if (before instanceof HTMLElement && before.isConnected && before.checkVisibility()) before.focus();
    else again.focus();
  }

  function remember() {
    offer.hidden = true;
    try {
      localStorage.setItem(REMEMBERED, "seen");
    } catch {
      // Storage can be forbidden; the offer then comes again with the next visit.
    }
  }

  /** Beside its target where there is room: right, left, below, above; else in the lower corner. */
  function place() {
    const box = target()?.getBoundingClientRect();
    if (!box || card.hidden) return;
    const { offsetWidth: width, offsetHeight: height } = card;
    const middle = Math.min(Math.max(GAP, box.top), innerHeight - height - GAP);
    const along = Math.min(Math.max(GAP, box.left), innerWidth - width - GAP);
    const spots = [
      [box.right + GAP, middle],
      [box.left - width - GAP, middle],
      [along, box.bottom + GAP],
      [along, box.top - height - GAP],
    ];
    const [left, top] = spots.find(([x, y]) => x >= GAP && y >= GAP && x + width <= innerWidth - GAP && y + height <= innerHeight - GAP)
      ?? [innerWidth - width - GAP, innerHeight - height - GAP];
    card.style.left = `${left}px`;
    card.style.top = `${top}px`;
  }

  function start() {
    before = document.activeElement;
    stops = STOPS.filter((stop) => document.querySelector(stop.at)?.checkVisibility());
    offer.hidden = true;
    go(0);
  }

  back.addEventListener("click", () => go(at - 1));
  next.addEventListener("click", () => go(at + 1));
  end.addEventListener("click", () => go(-1));
  card.addEventListener("keydown", (event) => {
    if (event.key === "Escape") go(-1);
    else if (event.key === "ArrowRight") go(at + 1);
    else if (event.key === "ArrowLeft" && at > 0) go(at - 1);
    else return;
    event.preventDefault();
  });
  addEventListener("resize", place);
  addEventListener("scroll", place, { passive: true });

  const take = create("button", { type: "button", class: "link-button" }, "Take the tour");
  const no = create("button", { type: "button", class: "icon-button small", "aria-label": "No tour" }, "\u00d7");
  take.addEventListener("click", start);
  no.addEventListener("click", remember);
  again.addEventListener("click", start);
  offer.append("New here? ", take, no);
  offer.hidden = isRemembered();
  return start;
}

function isRemembered() {
  try {
    return localStorage.getItem(REMEMBERED) !== null;
  } catch {
    return false;
  }
}
