// The only file that knows socket.io: opens the session, again after every interruption, and passes on what comes.

/** @typedef {{ok: true, number?: number}} Accepted */
/** @typedef {{ok: false, error: {message: string, field?: string | null}}} Refused */
/** @typedef {Accepted | Refused} Answer */

/**
 * @typedef {object} Line
 * @property {() => Record<string, unknown>} hello what to open: {session, token} or {experiment}
 * @property {(answer: any) => void} onOpened the answer to `open`, accepted or refused
 * @property {() => void} onLost
 * @property {(event: any) => void} onState
 * @property {(bytes: ArrayBuffer) => void} onFrame
 * @property {(bytes: ArrayBuffer) => void} onPoints
 * @property {(what: any) => void} onPresented what the presenter shows
 */

/** Computed, so that the type checker leaves the vendored file alone. */
const CLIENT = new URL("../../vendor/socket.io.esm.min.js", import.meta.url).href;
const PATIENCE_MS = 8000;
const RETRY_MS = 1000;

/** @type {Refused} */
const NOT_CONNECTED = { ok: false, error: { message: "Not connected to the server, so nothing was changed." } };

/**
 * @param {Line} line
 * @returns {Promise<{send: (command: Record<string, unknown>) => Promise<Answer>, ask: (event: string, message: unknown) => Promise<Answer>, credit: (seq: number) => void, reopen: () => void}>}
 */
export async function connect(line) {
  const { io } = await import(CLIENT);
  // WebSocket first: the usual upgrade from polling costs three round trips before the first frame.
  const socket = io({ transports: ["websocket", "polling"], reconnectionDelay: 400, reconnectionDelayMax: 4000 });

  /** @param {string} event @param {unknown} message @returns {Promise<any>} */
  const ask = (event, message) => socket.timeout(PATIENCE_MS).emitWithAck(event, message);

  async function open() {
    const id = socket.id;
    try {
      const answer = await ask("open", line.hello());
      // An answer to an older connection says nothing about this one.
      if (socket.connected && socket.id === id) line.onOpened(answer);
    } catch {
      if (socket.connected && socket.id === id) setTimeout(open, RETRY_MS);
    }
  }

  socket.on("connect", open);
  socket.on("disconnect", (/** @type {string} */ reason) => {
    line.onLost();
    // socket.io gives up when it was the server that closed; a restarted server is worth asking again.
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), RETRY_MS);
  });
  socket.on("connect_error", () => line.onLost());
  socket.on("state", line.onState);
  socket.on("frame", line.onFrame);
  socket.on("points", line.onPoints);
  socket.on("presented", line.onPresented);

  /** @param {string} event @param {unknown} message @returns {Promise<Answer>} */
  async function tell(event, message) {
    // socket.io would keep it and play it into a session that has moved on.
    if (!socket.connected) return NOT_CONNECTED;
    try {
      return await ask(event, message);
    } catch {
      return { ok: false, error: { message: "The server did not answer; the change may not have been made." } };
    }
  }

  return {
    send: (command) => tell("command", command),
    ask: tell,
    credit(seq) {
      if (socket.connected) socket.emit("credit", { seq });
    },
    /** Ask again, with what `hello` says now. */
    reopen: () => void open(),
  };
}
