// Watching together: the owner's dialog with link, QR code and raised hands; the viewer's bar; who steers, in words.

import { create, setText } from "../draw/dom.js";
import { button, complaint, copy, dialog, words } from "./dialog.js";

/** @typedef {import("../flow/hall.js").Hall} Hall */
/** @typedef {{role: string, watching: number, steering: number | null, asking: number[]}} Standing */

const NOT_YOURS = "Only whoever has control can change this";
/** What a page that may not steer must not offer. */
const CHANGING = ["setup", "layer-count", "layer-strip", "draw-points", "coach", "field-speed", "field-learning-rate", "field-activation", "field-optimizer"];
const SVG = "http://www.w3.org/2000/svg";
/** Cells of light around a code; readers need four. */
const QUIET_ZONE = 4;

/**
 * @param {{bar: HTMLElement, badge: HTMLButtonElement}} places
 * @param {Hall} hall
 * @param {{qr: (address: string) => Promise<string[]>}} exchange
 * @param {{say: (sentence: string) => void, tell: (notice: {level: "error", text: string}) => void, follow: (on: boolean) => void}} page
 */
export function watchTogether({ bar, badge }, hall, exchange, page) {
  const open = hallDialog(hall, exchange, page.say);
  badge.addEventListener("click", open.show);
  const many = create("span", {});
  const doing = create("span", { class: "badge-doing" });
  badge.append(eye(), many, doing);

  const sign = create("span", { class: "hall-badge" }, eye(), create("span", {}, "Watching"));
  const text = create("span", { class: "hall-words" });
  const can = create("span", { class: "hall-can" });
  const following = create("input", { type: "checkbox", id: "follow" });
  following.checked = true;
  const follow = create("label", { class: "check" }, following, create("span", {}, "Follow the presenter"));
  following.addEventListener("change", () => page.follow(following.checked));
  const hand = button("Ask for control", () => void asked(hall.raiseHand(hand.getAttribute("aria-pressed") !== "true")));
  const mine = button("Make it mine", hall.makeMine, true);
  mine.title = "Go on with a copy of your own, with these weights";
  const back = button("Take back control", () => void asked(hall.handOver(null)), true);
  bar.append(create("div", { class: "hall-told" }, sign, create("p", {}, text, " ", can)), create("div", { class: "hall-moves" }, follow, hand, back, mine));

  /** @param {Promise<import("../flow/socket.js").Answer>} answering */
  async function asked(answering) {
    const answer = await answering;
    if (!answer.ok) page.tell({ level: "error", text: answer.error.message });
  }

  let before = "";

  return {
    /** For the menu. */
    open: open.show,
    get isFollowing() {
      return following.checked && !bar.hidden && follow.checkVisibility();
    },
    /** @param {Standing | null} standing @param {number} me @param {boolean} steering may this page change anything */
    show(standing, me, steering) {
      if (!standing) return;
      const isViewer = standing.role === "viewer";
      for (const id of CHANGING) {
        const element = document.getElementById(id);
        if (!element) continue;
        element.inert = !steering;
        if (!steering) {
          element.dataset.ownTitle ??= element.title;
          element.title = NOT_YOURS;
        } else if (element.dataset.ownTitle !== undefined) {
          element.title = element.dataset.ownTitle;
          delete element.dataset.ownTitle;
          if (!element.title) element.removeAttribute("title");
        }
      }
      document.body.dataset.steers = String(steering);
      bar.hidden = !isViewer && steering;
      follow.hidden = !isViewer || steering;
      hand.hidden = !isViewer || steering;
      mine.hidden = !isViewer;
      back.hidden = isViewer ? !steering : steering;
      setText(back, isViewer ? "Give back control" : "Take back control");
      const isAsking = standing.asking.includes(me);
      hand.setAttribute("aria-pressed", String(isAsking));
      setText(hand, isAsking ? "Waiting for control" : "Ask for control");
      const said = sentence(standing, me, steering);
      setText(text, said);
      setText(can, isViewer && !steering ? "Only whoever has control can change it; a copy of your own you can." : "");
      sign.hidden = !isViewer || steering;
      if (said !== before) page.say(bar.hidden ? "" : said);
      before = said;
      badge.hidden = isViewer || (standing.watching === 0 && standing.asking.length === 0);
      const asking = standing.asking.length;
      badge.toggleAttribute("data-asking", asking > 0);
      setText(many, `${asking || standing.watching} `);
      setText(doing, asking > 0 ? "asking" : "watching");
      open.update(standing);
    },
  };
}

/** Somebody looks on. */
function eye() {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2", "aria-hidden": "true" })) svg.setAttribute(name, value);
  const lid = document.createElementNS(SVG, "path");
  lid.setAttribute("d", "M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12z");
  const pupil = document.createElementNS(SVG, "circle");
  for (const [name, value] of Object.entries({ cx: "12", cy: "12", r: "3" })) pupil.setAttribute(name, value);
  svg.append(lid, pupil);
  return svg;
}

/** @param {Standing} standing @param {number} me @param {boolean} steering */
function sentence({ role, steering: number }, me, steering) {
  if (role === "owner") return `Viewer ${number} has control.`;
  if (steering) return "You have control: what you do, everybody sees.";
  const whose = number === null ? "This is the presenter's run." : `The presenter's run; viewer ${number} has control.`;
  return `You are watching, as viewer ${me}. ${whose}`;
}

/**
 * @param {Hall} hall
 * @param {{qr: (address: string) => Promise<string[]>}} exchange
 * @param {(sentence: string) => void} say
 */
function hallDialog(hall, exchange, say) {
  const link = create("textarea", { id: "view-link", rows: "3", readonly: "", spellcheck: "false" });
  const code = create("div", { class: "hall-code" });
  const reach = create("p", { class: "quiet" });
  const count = create("p", {});
  const hands = create("ul", { class: "hall-hands", "aria-label": "Asking for control" });
  const error = complaint();
  const copyLink = button("Copy link", () => void copy(copyLink, () => link.value, say), true);
  const element = dialog("Let others watch", [
    create("p", { class: "quiet" }, "Whoever has this link sees your session live, and can change nothing. They can make a copy of their own, or ask you for control."),
    create("div", { class: "hall-share" }, code, create("div", {},
      create("div", { class: "labelled" }, create("label", { for: "view-link" }, "View link"), link, create("div", { class: "dialog-actions" }, copyLink)),
      reach, count, hands, error.element)),
  ]);

  /** @param {number} number */
  async function give(number) {
    const answer = await hall.handOver(number);
    error.say(answer.ok ? "" : answer.error.message);
    if (answer.ok) element.close();
  }

  return {
    async show() {
      error.say("");
      link.value = hall.viewLink();
      const isOwn = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
      setText(reach, isOwn ? "This address leads to this machine only. For others, start the server with --host and open the page by the name or address by which they reach it." : "");
      element.showModal();
      try {
        code.replaceChildren(drawCode(await exchange.qr(link.value)));
      } catch (problem) {
        code.replaceChildren();
        error.say(words(problem));
      }
    },
    /** @param {Standing} standing */
    update({ watching, asking }) {
      setText(count, watching === 0 ? "Nobody is watching yet." : watching === 1 ? "One person is watching." : `${watching} people are watching.`);
      const key = asking.join();
      if (hands.dataset.asking === key) return;
      hands.dataset.asking = key;
      hands.replaceChildren(...asking.map((number) => create("li", {}, create("span", {}, `Viewer ${number} asks for control`), button(`Hand over to viewer ${number}`, () => void give(number)))));
    },
  };
}

/** Dark on light whatever the page's colours: many readers know no other. @param {string[]} rows of 0 and 1 */
function drawCode(rows) {
  const size = rows.length + 2 * QUIET_ZONE;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "QR code of the view link");
  svg.setAttribute("shape-rendering", "crispEdges");
  const dark = document.createElementNS(SVG, "path");
  const cells = rows.flatMap((row, y) => Array.from(row.matchAll(/1+/g), (run) => `M${(run.index ?? 0) + QUIET_ZONE} ${y + QUIET_ZONE}h${run[0].length}v1h-${run[0].length}z`));
  dark.setAttribute("d", cells.join(""));
  svg.append(dark);
  return svg;
}
