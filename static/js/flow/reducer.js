// What the page knows, and how each action changes it. Pure: no DOM, no socket, no clock.

import { same, valueAt } from "./paths.js";

/** @typedef {"connecting" | "live" | "lost" | "refused"} Connection */
/** @typedef {{level: "info" | "warning" | "error", text: string, field?: string | null}} Notice */

/**
 * @typedef {object} Page
 * @property {Connection} connection
 * @property {string} reason why the session was refused
 * @property {any} schema the experiment's JSON Schema, null until it is here
 * @property {any} session the latest `state` event, null before the first
 * @property {number} me the number of this viewer; 0 for the owner
 * @property {Record<string, any>} presented what the presenter shows
 * @property {any} frame the newest frame, drawn or not
 * @property {any} drawn the header of the frame last drawn
 * @property {any} points
 * @property {Record<string, {value: unknown, ticket: number, number: number | null}>} pending edits not yet part of `session.experiment`, by path
 * @property {Record<string, string>} refused the server's sentence, by the path of the field it names
 * @property {(Notice & {id: string, ofChange?: boolean})[]} notices
 * @property {{running: boolean, ticket: number, number: number | null} | null} wanted what Play/Pause asked for and no drawn frame shows yet
 */

/** @type {Page} */
export const EMPTY = {
  connection: "connecting",
  reason: "",
  schema: null,
  session: null,
  me: 0,
  presented: {},
  frame: null,
  drawn: null,
  points: null,
  pending: {},
  refused: {},
  notices: [],
  wanted: null,
};

/**
 * @typedef {{type: "lost"}
 *   | {type: "opened", session: any, me?: number, presented?: Record<string, any>}
 *   | {type: "presented", presented: Record<string, any>}
 *   | {type: "turned_away", message: string}
 *   | {type: "schema", schema: any}
 *   | {type: "state", session: any}
 *   | {type: "frame", frame: any}
 *   | {type: "drawn", header: any}
 *   | {type: "points", points: any}
 *   | {type: "edit", path: string, value: unknown, ticket: number}
 *   | {type: "want", running: boolean, ticket: number}
 *   | {type: "accepted", ticket: number, number: number}
 *   | {type: "refused", ticket: number, path: string | null, error: {message: string, field?: string | null}}
 *   | {type: "notice", notice: Notice}
 *   | {type: "dismiss", id: string}} Action
 */

const MOST_NOTICES = 4;

/**
 * @param {Page} page
 * @param {Action} action
 * @returns {Page}
 */
export function reduce(page, action) {
  switch (action.type) {
    case "lost":
      if (page.connection === "lost") return page;
      // What was under way when the line broke is unknown: the session says it when it is found again.
      return { ...page, connection: "lost", pending: {}, wanted: null };
    case "opened":
      // A restarted server counts its frames anew: none that we hold may hold back its first.
      return { ...withSession(page, action.session), me: action.me ?? 0, presented: action.presented ?? {}, frame: null, connection: "live", reason: "", pending: {}, wanted: null };
    case "presented":
      return { ...page, presented: action.presented };
    case "turned_away":
      return { ...page, connection: "refused", reason: action.message };
    case "schema":
      return { ...page, schema: action.schema };
    case "state":
      return withSession(page, action.session);
    case "frame":
      return isNewer(action.frame.header, page.frame?.header) ? { ...page, frame: action.frame } : page;
    case "drawn":
      return withDrawn(page, action.header);
    case "points":
      return { ...page, points: action.points };
    case "edit": {
      // Whoever edits on has read the last refusal.
      const entry = { value: action.value, ticket: action.ticket, number: null };
      return { ...page, refused: {}, pending: { ...page.pending, [action.path]: entry } };
    }
    case "want":
      return { ...page, wanted: { running: action.running, ticket: action.ticket, number: null } };
    case "accepted":
      return accepted(page, action.ticket, action.number);
    case "refused":
      return refused(page, action);
    case "notice":
      return { ...page, notices: withNotice(page.notices, action.notice) };
    case "dismiss":
      return { ...page, notices: page.notices.filter((notice) => notice.id !== action.id) };
  }
}

/**
 * The value that the control of `path` shows: what was asked for, else what the experiment says.
 *
 * @param {Page} page
 * @param {string} path
 * @returns {any}
 */
export function shown(page, path) {
  const pending = page.pending[path];
  return pending ? pending.value : valueAt(page.session?.experiment, path);
}

/** Is training under way, as far as this page has drawn or asked? @param {Page} page */
export function isRunning(page) {
  return page.wanted ? page.wanted.running : page.drawn?.run_state === "running";
}

/**
 * @param {Page} page
 * @param {any} session
 */
function withSession(page, session) {
  // Its part that did not change keeps its identity, so that the form is not filled in again for a pause.
  const old = page.session?.experiment;
  const experiment = old && same(old, session.experiment) ? old : session.experiment;
  const beside = page.session?.comparison;
  const comparison = beside && same(beside, session.comparison) ? beside : session.comparison;
  // What was said of a change holds until the next one.
  let notices = experiment === old ? page.notices : page.notices.filter((notice) => !notice.ofChange);
  const ofChange = session.notices?.some((/** @type {Notice} */ notice) => notice.level === "info");
  let said = page.refused;
  for (const notice of session.notices ?? []) {
    // The banner over the network says it, with what to do.
    if (session.diverged && notice.level === "error") continue;
    if (notice.field && notice.level !== "info") said = { ...said, [notice.field]: notice.text };
    else notices = withNotice(notices, { ...notice, ofChange });
  }
  /** @type {Page["pending"]} */
  const pending = {};
  for (const [path, entry] of Object.entries(page.pending)) {
    const settled = entry.number !== null && session.command >= entry.number;
    if (!settled) pending[path] = entry;
  }
  return { ...page, session: { ...session, experiment, comparison }, notices, refused: said, pending };
}

/**
 * @param {Page} page
 * @param {any} header
 */
function withDrawn(page, header) {
  if (!header) return page;
  const { wanted } = page;
  // A run that broke or ended at once was never seen running: then its command's number tells.
  const met = wanted !== null && (wanted.running === (header.run_state === "running") || (wanted.number !== null && header.command >= wanted.number));
  return { ...page, drawn: header, wanted: met ? null : page.wanted };
}

/**
 * @param {Page} page
 * @param {number} ticket
 * @param {number} number
 */
function accepted(page, ticket, number) {
  if (page.wanted?.ticket === ticket) return withDrawn({ ...page, wanted: { ...page.wanted, number } }, page.drawn);
  const found = Object.entries(page.pending).find(([, entry]) => entry.ticket === ticket);
  if (!found) return page;
  const [path, entry] = found;
  // The state that carries the command may have overtaken its answer.
  if ((page.session?.command ?? -1) >= number) {
    const { [path]: _, ...pending } = page.pending;
    return { ...page, pending };
  }
  return { ...page, pending: { ...page.pending, [path]: { ...entry, number } } };
}

/**
 * @param {Page} page
 * @param {Extract<Action, {type: "refused"}>} action
 */
function refused(page, action) {
  const pending = Object.fromEntries(
    Object.entries(page.pending).filter(([, entry]) => entry.ticket !== action.ticket),
  );
  const wanted = page.wanted?.ticket === action.ticket ? null : page.wanted;
  const field = action.path ?? action.error.field;
  if (!field) {
    const notice = { level: /** @type {const} */ ("error"), text: action.error.message };
    return { ...page, pending, wanted, notices: withNotice(page.notices, notice) };
  }
  return { ...page, pending, wanted, refused: { ...page.refused, [field]: action.error.message } };
}

/**
 * The newest last; the same sentence is not said twice.
 *
 * @param {Page["notices"]} notices
 * @param {Notice} notice
 */
function withNotice(notices, notice) {
  const id = `${notice.level}: ${notice.text}`;
  // What is good to know is said once, the newest only; warnings and errors wait to be read.
  const kept = notices.filter((old) => old.id !== id && (old.level !== "info" || notice.level !== "info"));
  return [...kept, { ...notice, id }].slice(-MOST_NOTICES);
}

/**
 * @param {any} header
 * @param {any} old
 */
function isNewer(header, old) {
  if (!old || header.generation > old.generation) return true;
  return header.generation === old.generation && header.seq > old.seq;
}
