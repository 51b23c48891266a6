// Files in and out of the session, over HTTP: its token goes in a header, never in an address.

/** @typedef {{session: string, token: string}} Whose */
/** @typedef {{name: string, categories: number}} Column */
/**
 * @typedef {object} Seen what the server makes of a table
 * @property {Column[]} [columns] `categories` is 0 for numbers; missing where the table can't be read
 * @property {number} [rows]
 * @property {string[]} [target]
 * @property {"binary" | "multiclass" | "regression"} [task]
 * @property {string[]} [classes]
 * @property {number} [inputs]
 * @property {{message: string, field: string | null}} [error] why the network can't learn from it
 */
/** @typedef {{target: string[], header: "" | "yes" | "no"}} Reading */

/** A file or a table that the server refused, with its words. */
export class ExchangeError extends Error {}

/** @param {() => Whose | null} whose */
export function makeExchange(whose) {
  /**
   * @param {string} path
   * @param {RequestInit} [given]
   */
  async function ask(path, given = {}) {
    const now = whose();
    if (!now) throw new ExchangeError("Not connected to the server.");
    let answer;
    try {
      answer = await fetch(`/api/sessions/${now.session}/${path}`, { ...given, headers: { "X-Session-Token": now.token } });
    } catch {
      throw new ExchangeError("The server can't be reached.");
    }
    if (answer.ok) return answer;
    const told = await answer.json().catch(() => null);
    throw new ExchangeError(told?.error?.message ?? `The server answered with ${answer.status}.`);
  }

  /** @param {Reading} reading @param {boolean} look */
  function query({ target, header }, look) {
    const words = new URLSearchParams(target.map((name) => ["target", name]));
    if (header) words.set("header", header);
    if (look) words.set("look", "1");
    return words.toString();
  }

  return {
    /** @param {Blob} table @param {Reading} reading @returns {Promise<Seen>} */
    async look(table, reading) {
      return (await ask(`table?${query(reading, true)}`, { method: "POST", body: table })).json();
    },
    /** @param {Blob} table @param {Reading} reading */
    async use(table, reading) {
      await ask(`table?${query(reading, false)}`, { method: "POST", body: table });
    },
    /** @param {Blob} file a saved run, or an experiment file */
    async load(file) {
      await ask("load", { method: "POST", body: file });
    },
    /** A QR code of an address, as rows of 0 and 1. @param {string} address @returns {Promise<string[]>} */
    async qr(address) {
      return (await (await ask("qr", { method: "POST", body: address })).json()).rows;
    },
    /** A short link to the experiment as it is, for good. @returns {Promise<string>} its path */
    async shorten() {
      return (await (await ask("link", { method: "POST" })).json()).link;
    },
    /**
     * @param {string} name save, data, curves, numpy, pytorch or command
     * @returns {Promise<{name: string, blob: Blob, words: any}>}
     */
    async file(name) {
      const answer = await ask(`files/${name}`);
      const words = JSON.parse(answer.headers.get("X-File-Words") ?? "{}");
      return { name: words.file ?? name, blob: await answer.blob(), words };
    },
  };
}

/** @typedef {ReturnType<typeof makeExchange>} Exchange */
