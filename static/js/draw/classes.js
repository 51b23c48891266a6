/** Several classes as a surface: which class where, how sure, and the lines between. Pure. */

let winners = new Uint8Array(0);
const corners = new Uint32Array(4);
const shares = new Float64Array(4);

/**
 * A grid's answer, cell by cell: the class, its probability, the class that comes second and its probability;
 * 255 = certain. Where the second is not known, a loser has what the winner leaves, never more than the winner.
 * @typedef {{classes: Uint8Array, confidence: Uint8Array | null, second: Uint8Array | null, secondConfidence: Uint8Array | null}} Answer
 */

/**
 * Enlarge a square grid of classes. Between cells of one class the confidence is interpolated; between
 * cells of several, each class's probability is, and the
 * largest wins: so the border runs where two classes are equally likely, not along the cells.
 * @param {Answer} answer
 * @param {number} size
 * @param {number} factor
 * @param {Uint32Array[]} tints one ramp a class
 * @param {number} border colour of the lines between classes
 * @param {boolean} discretize classes only, as if each were certain
 * @param {Uint32Array} out
 */
export function enlargeClasses(answer, size, factor, tints, border, discretize, out) {
  const { classes } = answer;
  const wide = size * factor;
  if (winners.length < wide * wide) winners = new Uint8Array(wide * wide);
  for (let row = 0; row < wide; row += 1) {
    const down = (row + 0.5) / factor - 0.5;
    const top = Math.min(size - 1, Math.max(0, Math.floor(down)));
    const low = Math.min(size - 1, top + 1);
    const v = Math.min(1, Math.max(0, down - top));
    for (let column = 0; column < wide; column += 1) {
      const along = (column + 0.5) / factor - 0.5;
      const left = Math.min(size - 1, Math.max(0, Math.floor(along)));
      const right = Math.min(size - 1, left + 1);
      const u = Math.min(1, Math.max(0, along - left));
      corners[0] = top * size + left;
      corners[1] = top * size + right;
      corners[2] = low * size + left;
      corners[3] = low * size + right;
      shares[0] = (1 - u) * (1 - v);
      shares[1] = u * (1 - v);
      shares[2] = (1 - u) * v;
      shares[3] = u * v;
      let best = classes[corners[0]];
      let sure = -1;
      for (let corner = 0; corner < 4; corner += 1) {
        const own = classes[corners[corner]];
        if (corner > 0 && own === best) continue;
        let score = 0;
        for (let other = 0; other < 4; other += 1) {
          score += shares[other] * probability(answer, corners[other], own);
        }
        if (score > sure) {
          sure = score;
          best = own;
        }
      }
      const place = row * wide + column;
      winners[place] = best;
      out[place] = tints[best % tints.length][discretize ? 255 : Math.min(255, Math.max(0, Math.round(sure)))];
    }
  }
  for (let row = 0; row < wide; row += 1) {
    for (let column = 0; column < wide; column += 1) {
      const place = row * wide + column;
      const own = winners[place];
      let others = 0;
      if (column > 0 && winners[place - 1] !== own) others += 1;
      if (column + 1 < wide && winners[place + 1] !== own) others += 1;
      if (row > 0 && winners[place - wide] !== own) others += 1;
      if (row + 1 < wide && winners[place + wide] !== own) others += 1;
      // Both sides of a border, the stairs' inner corners more than their edges: so that it looks even.
      if (others > 0) out[place] = mixed(out[place], border, others === 1 ? 0.5 : 0.85);
    }
  }
}

/**
 * Of a class in a cell, 0…255.
 * @param {Answer} answer
 * @param {number} cell
 * @param {number} wanted
 */
function probability({ classes, confidence, second, secondConfidence }, cell, wanted) {
  const certain = confidence === null ? 255 : confidence[cell];
  if (classes[cell] === wanted) return certain;
  if (second === null || secondConfidence === null) return Math.min(certain, 255 - certain);
  const next = secondConfidence[cell];
  return second[cell] === wanted ? next : Math.min(next, Math.max(0, 255 - certain - next));
}

/**
 * A pixel between two opaque ones.
 * @param {number} from
 * @param {number} to
 * @param {number} share
 */
function mixed(from, to, share) {
  let result = 0xff;
  for (const shift of [16, 8, 0]) {
    const own = (from >>> shift) & 255;
    result = (result << 8) | Math.round(own + (((to >>> shift) & 255) - own) * share);
  }
  return result >>> 0;
}
