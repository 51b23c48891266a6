// Where an explanation stands: beside the form, else below its word, else above. Pure.

const GAP = 8;
/** Of an explanation that scrolls; lower it can't be read. */
const LEAST_HEIGHT = 140;

/** @typedef {{width: number, height: number}} Size */
/** @typedef {{left: number, right: number, top: number, bottom: number}} Box */

/**
 * @param {Size} tip as large as it wants to be
 * @param {Box} word what is explained
 * @param {Box | null} form that the word stands in: the next control is to stay in sight
 * @param {Size} screen
 * @returns {{left: number, top: number, height: number}}
 */
export function spotFor(tip, word, form, screen) {
  if (form && form.right + GAP + tip.width < screen.width) {
    const height = Math.min(tip.height, screen.height - 2 * GAP);
    return { left: form.right + GAP, top: within(word.top, height, screen.height), height };
  }
  const above = word.top - 2 * GAP;
  const below = screen.height - word.bottom - 2 * GAP;
  const isBelow = tip.height <= below || below >= above;
  // A word that fills the screen itself is covered, whatever is done.
  const height = Math.min(tip.height, Math.max(isBelow ? below : above, LEAST_HEIGHT));
  const top = isBelow ? word.bottom + GAP : word.top - GAP - height;
  return { left: within(word.left, tip.width, screen.width), top: within(top, height, screen.height), height };
}

/** As near to `start` as the screen allows. @param {number} start @param {number} length @param {number} whole */
function within(start, length, whole) {
  return Math.max(GAP, Math.min(start, whole - length - GAP));
}
