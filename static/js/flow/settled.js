// Is what was asked for part of the session yet? A link copied right after an edit must hold the edit.

/** @typedef {import("./socket.js").Answer} Answer */

const LOOK_MS = 20;
/** A server that says no more by now will not. */
const MOST_MS = 2000;

/**
 * @param {() => {session: any, pending: Record<string, unknown>}} page
 * @param {(command: Record<string, unknown>) => Promise<Answer>} send
 * @param {(wake: () => void, delay_ms: number) => void} [later]
 */
export function settling(page, send, later = (wake, delay_ms) => void setTimeout(wake, delay_ms)) {
  let underWay = 0;
  /** The number of the last command that was taken. */
  let last = 0;
  const rests = () => underWay === 0 && Object.keys(page().pending).length === 0 && (page().session?.command ?? 0) >= last;
  return {
    /** @param {Record<string, unknown>} command */
    async send(command) {
      underWay += 1;
      try {
        const answer = await send(command);
        if (answer.ok) last = Math.max(last, answer.number ?? 0);
        return answer;
      } finally {
        underWay -= 1;
      }
    },
    /** When the session says all that was asked for. */
    async settled() {
      for (let waited = 0; !rests() && waited < MOST_MS; waited += LOOK_MS) await new Promise((resolve) => later(() => resolve(null), LOOK_MS));
      // Another session counts its commands anew.
      if (!rests()) last = 0;
    },
  };
}
