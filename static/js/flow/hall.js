// Sessions that others watch: the link that lets them, hands raised, control handed over, what the presenter shows.

/** @typedef {import("./socket.js").Answer} Answer */
/** @typedef {import("./reducer.js").Page} Page */
/** @typedef {Record<string, string | number | null>} Presented */

/** What viewers' pages would ask for by themselves: it is the presenter's to ask. */
const QUIET = ["watch", "look_at"];

/** What to open, as a view link says it; null for another address. @param {string} hash @returns {{session: string, token: string} | null} */
export function viewedIn(hash) {
  const match = /^#view=([\w-]+)\.([\w-]+)$/.exec(hash);
  return match && { session: match[1], token: match[2] };
}

/** May this page change the session now? @param {Page} page */
export function steers({ session, me }) {
  if (!session) return false;
  return session.role === "owner" ? session.steering == null : me > 0 && session.steering === me;
}

/** Why it may not, in a sentence. @param {Page} page */
export function whyNot({ session }) {
  if (session?.role === "owner") return `Viewer ${session.steering} has control: take it back first.`;
  return session?.steering == null ? "You are watching: only the presenter can change this." : "Another viewer has control at the moment.";
}

/**
 * Commands of a page that may not steer are answered here, without troubling the server.
 *
 * @param {() => Page} page
 * @param {(command: Record<string, unknown>) => Promise<Answer>} send
 */
export function guarded(page, send) {
  return async (/** @type {Record<string, unknown>} */ command) => {
    const now = page();
    if (!now.session || steers(now)) return send(command);
    if (QUIET.includes(String(command.name))) return /** @type {const} */ ({ ok: true });
    return /** @type {const} */ ({ ok: false, error: { message: whyNot(now) } });
  };
}

/**
 * @param {{ask: (event: string, message: unknown) => Promise<Answer>}} line
 * @param {() => ({session: string, view: string} | null)} own
 * @param {() => void} fork
 */
export function makeHall(line, own, fork) {
  return {
    /** The address at which others watch. */
    viewLink: () => {
      const now = own();
      return now ? `${location.origin}/#view=${now.session}.${now.view}` : "";
    },
    /** @param {boolean} up */
    raiseHand: (up) => line.ask("raise_hand", { up }),
    /** @param {number | null} to a viewer's number; null takes control back */
    handOver: (to) => line.ask("hand_over", { to }),
    /** @param {Presented} what */
    present: (what) => line.ask("present", what),
    /** Go on with a copy of one's own. */
    makeMine: fork,
  };
}

/** @typedef {ReturnType<typeof makeHall>} Hall */
