// Links: what is in them, what they leave out, and how one is opened.

import { addressOf, asked, showAsLinked } from "./hiding.js";

/**
 * @typedef {object} Links what the flow knows of links
 * @property {(experiment: unknown, compare?: unknown[]) => Promise<string>} hashOf
 * @property {(text: string) => Promise<{experiment: unknown, compare: unknown[], hide: string[], view: {testPoints: boolean, discretize: boolean} | null, said: string[]} | null>} openedFrom
 * @property {(said: string[]) => string} openingWords
 * @property {() => Promise<void>} settled when what was asked for last is part of the experiment
 */

/**
 * @typedef {object} Sharing
 * @property {(options?: import("./hiding.js").Options) => Promise<string>} address of the experiment as it is
 * @property {(options: import("./hiding.js").Options) => Promise<string>} short address of the experiment as it is, kept by the server
 * @property {(text: string) => Promise<boolean>} open whether the text held an experiment
 * @property {() => boolean} ownTable are the data a table that no link carries
 * @property {(sentence: string) => void} say
 */

/** @typedef {(level: "info" | "warning" | "error", text: string) => void} Notice */

export const STAYS = " Your own table does not travel in a link: save a file instead.";

/**
 * @param {Links} links
 * @param {import("../flow/commands.js").Commands} commands
 * @param {{shorten: () => Promise<string>}} exchange
 * @param {() => any} session as it is
 * @param {Notice} notice
 * @param {(sentence: string) => void} say
 * @returns {Sharing}
 */
export function sharing(links, commands, exchange, session, notice, say) {
  const experiment = () => session()?.experiment;
  return {
    async address(options = asked()) {
      await links.settled();
      return addressOf(`${location.origin}${location.pathname}`, await links.hashOf(experiment(), session()?.comparison), options);
    },
    async short(options) {
      await links.settled();
      return addressOf(`${location.origin}${await exchange.shorten()}`, "", options);
    },
    ownTable: () => experiment()?.data?.name === "csv",
    say,
    async open(text) {
      const link = await links.openedFrom(text);
      if (!link) return false;
      const answer = await commands.load(link.experiment);
      if (!answer.ok) throw new Error(answer.error.message);
      const beside = link.compare.length > 0 ? await commands.compare(link.compare) : answer;
      if (!beside.ok) throw new Error(beside.error.message);
      showAsLinked(link);
      notice("info", links.openingWords(link.said) || "Opened the experiment of the link.");
      return true;
    },
  };
}

/**
 * The button that copies the link at once.
 *
 * @param {HTMLElement} element
 * @param {Sharing} given
 * @param {Notice} notice
 */
export function copyLinkButton(element, { address, ownTable }, notice) {
  element.addEventListener("click", async () => {
    const left = ownTable() ? STAYS : "";
    try {
      await navigator.clipboard.writeText(await address());
      notice(left ? "warning" : "info", `Link copied: whoever opens it gets this experiment, untrained.${left}`);
    } catch {
      notice("info", `The address of this page is the link: copy it from the address bar.${left}`);
    }
  });
}
