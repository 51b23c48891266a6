// The page's one state: who changed it is said by an action, who cares subscribes to a slice.

/**
 * @template State, Action
 * @param {(state: State, action: Action) => State} reduce
 * @param {State} initial
 */
export function createStore(reduce, initial) {
  let state = initial;
  let telling = false;
  /** @type {Action[]} */
  const queue = [];
  /** @type {Set<() => void>} */
  const listeners = new Set();

  return {
    get: () => state,

    /** Listeners that dispatch are heard after the present action is told to all. @param {Action} action */
    dispatch(action) {
      queue.push(action);
      if (telling) return;
      telling = true;
      try {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          const before = state;
          state = reduce(state, next);
          if (state !== before) for (const listener of listeners) listener();
        }
      } finally {
        telling = false;
        queue.length = 0;
      }
    },

    /**
     * Call `listener` with the slice now and whenever it is another one; returns what ends that.
     *
     * @template Slice
     * @param {(state: State) => Slice} select
     * @param {(slice: Slice, state: State) => void} listener
     */
    watch(select, listener) {
      let slice = select(state);
      const check = () => {
        const next = select(state);
        if (Object.is(next, slice)) return;
        slice = next;
        listener(slice, state);
      };
      listeners.add(check);
      listener(slice, state);
      return () => listeners.delete(check);
    },
  };
}
