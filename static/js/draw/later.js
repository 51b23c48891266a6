/** Views that are fetched after the first pictures: what somebody can use at once is there sooner. */

/**
 * A view whose script is asked for when there is first something that it could draw. Where it can't be had, drawing it throws.
 * @template Drawn
 * @param {() => Promise<(slice: Drawn) => void>} fetched
 * @param {() => void} redraw
 * @returns {(slice: Drawn) => void}
 */
export function later(fetched, redraw) {
  /** @type {((slice: Drawn) => void) | null} */
  let view = null;
  let asked = false;
  return (slice) => {
    if (view) view(slice);
    if (asked) return;
    asked = true;
    fetched()
      .catch((error) => () => {
        throw error;
      })
      .then((made) => {
        view = made;
        redraw();
      });
  };
}
