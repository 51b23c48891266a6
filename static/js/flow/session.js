// The session behind the page: found again after a reload or a lost line, else opened with the experiment in the address.

import { makeCommands } from "./commands.js";
import { DecodeError, decode } from "./decode.js";
import { makeExchange } from "./exchange.js";
import { guarded, makeHall, viewedIn } from "./hall.js";
import { openedFrom, openingWords } from "./links.js";
import { settling } from "./settled.js";
import { hashOf, ShareError } from "./share.js";
import { connect } from "./socket.js";

/** @typedef {ReturnType<typeof import("./store.js").createStore<import("./reducer.js").Page, import("./reducer.js").Action>>} Store */
/** @typedef {{session: string, token: string, hash: string, view?: string}} Saved */

const KEY = "session";
/** Browsers allow some hundred changes of the address a minute; a dragged slider makes more. */
const SETTLE_MS = 500;
/** A full server may have room later. */
const TURNED_AWAY_MS = 10000;

/** @param {Store} store */
export async function startSession(store) {
  const { dispatch } = store;
  let saved = remembered();
  /** From a link; once opened, what the server said last: a server that was restarted gets it back. @type {unknown} */
  let experiment = null;
  /** The variants beside it. @type {unknown[]} */
  let compare = [];
  /** What the address says beside the experiment. @type {Awaited<ReturnType<typeof openedFrom>>} */
  let link = null;
  try {
    link = await openedFrom(location.hash);
    if (link) {
      experiment = link.experiment;
      compare = link.compare;
      const words = openingWords(link.said);
      if (words) dispatch({ type: "notice", notice: { level: "info", text: words } });
    }
  } catch (error) {
    if (!(error instanceof ShareError)) throw error;
    warn(error.message);
  }
  // Another address than the one we wrote is somebody's link: it wins over the session of this tab.
  if (saved && experiment !== null && saved.hash !== location.hash) saved = null;

  let viewed = viewedIn(location.hash);
  if (viewed) saved = { ...viewed, hash: location.hash };
  let forking = false;

  /** @param {string} text */
  function warn(text) {
    dispatch({ type: "notice", notice: { level: "warning", text } });
  }

  function hello() {
    return { ...(saved ? { session: saved.session, token: saved.token, ...(forking ? { fork: true } : {}) } : {}), ...(experiment && !viewed ? { experiment } : {}) };
  }

  /** @param {any} answer */
  function opened(answer) {
    if (answer.ok === false) {
      const { message, field } = answer.error;
      // The session is there, but its database can't be asked now.
      const wait = saved !== null && field === "database";
      if (wait || (!saved && !experiment)) {
        dispatch({ type: "turned_away", message });
        setTimeout(line.reopen, TURNED_AWAY_MS);
        return;
      }
      if (forking) {
        forking = false;
        warn(`No copy could be made: ${message}.`);
        line.reopen();
        return;
      }
      if (viewed) {
        warn(`What this link shows can't be watched: ${message}. Here is a playground of your own.`);
        leave();
      }
      // What was asked for is gone or was never right: something plain is better than nothing.
      if (!saved) {
        warn(`The experiment in this link can't be used: ${field ? `${field}: ` : ""}${message}.`);
        experiment = null;
      }
      saved = null;
      line.reopen();
      return;
    }
    // A copy brings its comparison along.
    const isNew = answer.session !== saved?.session && !forking;
    if (forking) {
      forking = false;
      leave();
      dispatch({ type: "notice", notice: { level: "info", text: "This is yours now: a copy that goes its own way." } });
    }
    saved = { session: answer.session, token: answer.token, view: answer.view, hash: location.hash };
    remember(saved);
    experiment = answer.state.experiment;
    dispatch({ type: "opened", session: answer.state, me: answer.number, presented: answer.presented });
    if (isNew && compare.length > 0) void besides(compare);
    else compare = answer.state.comparison;
  }

  /** What was watched is left. */
  function leave() {
    viewed = null;
    history.replaceState(null, "", `${location.pathname}${location.search}`);
  }

  /** @param {unknown[]} variants */
  async function besides(variants) {
    const told = await line.send({ name: "compare", variants });
    if (!told.ok) warn(`What this link compares can't be compared: ${told.error.message}`);
  }

  /** @param {"frame" | "points"} type @param {ArrayBuffer} bytes */
  function arrived(type, bytes) {
    try {
      const packet = decode(bytes);
      if (type === "frame") dispatch({ type, frame: packet });
      else dispatch({ type, points: packet });
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      warn(`The server sent a picture that can't be read (${error.message}).`);
    }
  }

  const line = await connect({
    hello,
    onOpened: opened,
    onLost: () => dispatch({ type: "lost" }),
    onState: (session) => {
      experiment = session.experiment;
      compare = session.comparison;
      dispatch({ type: "state", session });
    },
    onFrame: (bytes) => arrived("frame", bytes),
    onPoints: (bytes) => arrived("points", bytes),
    onPresented: (presented) => dispatch({ type: "presented", presented }),
  });

  writeAddress(store, (hash) => {
    if (!saved) return;
    saved = { ...saved, hash };
    remember(saved);
  });
  addEventListener("hashchange", () => {
    if (location.hash !== saved?.hash) location.reload();
  });

  const hall = makeHall(line, () => (saved?.view ? { session: saved.session, view: saved.view } : null), () => {
    forking = true;
    line.reopen();
  });
  const sent = settling(store.get, line.send);
  return { commands: makeCommands(guarded(store.get, sent.send), dispatch), settled: sent.settled, credit: line.credit, exchange: makeExchange(() => saved), hall, link };
}

/**
 * The address follows the experiment once somebody has changed it; a newcomer's stays as it was.
 *
 * @param {Store} store
 * @param {(hash: string) => void} written
 */
function writeAddress(store, written) {
  let first = /** @type {unknown} */ (null);
  let timer = 0;
  function follow() {
    const { experiment, comparison, role } = store.get().session ?? {};
    // Whoever watches keeps the address that lets them.
    if (!experiment || role === "viewer") return;
    first ??= experiment;
    if (experiment === first && comparison.length === 0 && location.hash === "") return;
    clearTimeout(timer);
    timer = Number(setTimeout(async () => {
      const hash = await hashOf(experiment, comparison);
      if (store.get().session.role === "viewer") return;
      if (hash === location.hash) return;
      history.replaceState(null, "", hash);
      written(hash);
    }, SETTLE_MS));
  }
  store.watch((page) => page.session?.experiment, follow);
  store.watch((page) => page.session?.comparison, follow);
}

/** @returns {Saved | null} */
function remembered() {
  try {
    const saved = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return typeof saved?.session === "string" && typeof saved?.token === "string" ? { hash: "", ...saved } : null;
  } catch {
    return null;
  }
}

/** @param {Saved} saved */
function remember(saved) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(saved));
  } catch {
    // Storage can be forbidden; then a reload begins anew.
  }
}
