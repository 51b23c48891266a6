// What follows from parts of the page's state, once for all that is told at once.

/** @typedef {import("./reducer.js").Page} Page */

/** @param {{get: () => Page, watch: (select: (page: Page) => unknown, listener: () => void) => unknown}} store */
export function follower(store) {
  /** However many actions came, `act` is called once. @param {(keyof Page)[]} parts @param {(page: Page) => void} act */
  return (parts, act) => {
    let planned = false;
    for (const part of parts) {
      store.watch((page) => page[part], () => {
        if (planned) return;
        planned = true;
        // Not the next animation frame: what was just drawn would cost a second one.
        queueMicrotask(() => {
          planned = false;
          act(store.get());
        });
      });
    }
  };
}
