// Whatever a person may have that stands for an experiment: a link of ours, long or short, one of TensorFlow Playground's, plain JSON.

import { experimentIn, hashOf, ShareError } from "./share.js";

/** @typedef {import("./tensorflow.js").Opened} Opened */

/** A short link of this server, as it is given to others and as the page's address says it. */
const SHORT = /(?:#x=|\/x\/)([\w-]{12})(?:[?#]|$)/;

/** @param {string} name @returns {Promise<any>} */
async function published(name) {
  const answer = await fetch(`/api/experiments/${name}`).catch(() => null);
  if (answer?.ok) return answer.json();
  throw new ShareError(answer?.status === 404 ? "No experiment has this short link here." : "The experiment of this short link can't be fetched at the moment.");
}

const AS_IT_IS = { hide: [], view: null, said: [] };

/** What an address of ours holds: an experiment, and under `compare` the variants beside it. @param {any} told */
function opened(told) {
  const { compare = [], ...experiment } = told ?? {};
  return { experiment, compare: Array.isArray(compare) ? compare : [], ...AS_IT_IS };
}

/**
 * @param {string} text
 * @returns {Promise<{experiment: any, compare: unknown[], hide: string[], view: Opened["view"] | null, said: string[]} | null>} null where it holds no experiment
 */
export async function openedFrom(text) {
  const given = text.trim();
  if (given.startsWith("{")) {
    try {
      return opened(JSON.parse(given));
    } catch {
      throw new ShareError("This is no link, and no JSON either.");
    }
  }
  const short = SHORT.exec(given);
  if (short) return opened(await published(short[1]));
  const at = given.indexOf("#");
  if (at < 0) return null;
  const experiment = await experimentIn(given.slice(at));
  if (experiment !== null) return opened(experiment);
  const { fromTensorFlow } = await import("./tensorflow.js");
  const foreign = fromTensorFlow(given);
  return foreign && { ...foreign, compare: [] };
}

/** What is said of a link that was opened; nothing of one of our own. @param {string[]} said */
export function openingWords(said) {
  return said.length === 0 ? "" : `Opened a TensorFlow Playground link. ${said.join(" ")}`;
}

/** What the page's controls need of links. */
export const links = { hashOf, openedFrom, openingWords };
