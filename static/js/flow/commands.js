// What the page may ask of the server. Edits of one field follow each other; only the newest of those that wait is sent.

import { patchOf } from "./paths.js";

/** @typedef {import("./socket.js").Answer} Answer */
/** @typedef {import("./reducer.js").Action} Action */

/** Between two edits of one field: a dragged slider asks 12 times a second, not 60. */
export const GAP_MS = 80;

/**
 * @typedef {object} Asked
 * @property {Record<string, unknown>} command
 * @property {string} path
 * @property {number} ticket
 */

/**
 * @param {(command: Record<string, unknown>) => Promise<Answer>} send
 * @param {(action: Action) => void} dispatch
 * @param {(wake: () => void, delay_ms: number) => void} [later]
 */
export function makeCommands(send, dispatch, later = (wake, delay_ms) => void setTimeout(wake, delay_ms)) {
  let tickets = 0;
  /** By path: the edit that waits while another is under way; null where none waits. @type {Map<string, Asked | null>} */
  const queues = new Map();

  /**
   * @param {Record<string, unknown>} command
   * @param {number} ticket
   * @param {string | null} path
   */
  async function ask(command, ticket, path) {
    const answer = await send(command);
    if (answer.ok) dispatch({ type: "accepted", ticket, number: answer.number ?? 0 });
    else dispatch({ type: "refused", ticket, path, error: answer.error });
    return answer;
  }

  /** @param {Asked} asked */
  async function run(asked) {
    queues.set(asked.path, null);
    const answer = await ask(asked.command, asked.ticket, asked.path);
    later(() => {
      const waiting = queues.get(asked.path);
      if (waiting) void run(waiting);
      else queues.delete(asked.path);
    }, GAP_MS);
    return answer;
  }

  /**
   * Show `value` at `path` at once, and ask for it. Answers null where it has to wait for an earlier edit.
   *
   * @param {string} path
   * @param {unknown} value
   * @param {Record<string, unknown>} command
   * @returns {Promise<Answer | null>}
   */
  async function change(path, value, command) {
    const ticket = ++tickets;
    dispatch({ type: "edit", path, value, ticket });
    const asked = { command, path, ticket };
    if (!queues.has(path)) return run(asked);
    queues.set(path, asked);
    return null;
  }

  /** @param {string} path @param {unknown} value @param {Record<string, unknown>} command */
  function structure(path, value, command) {
    const ticket = ++tickets;
    dispatch({ type: "edit", path, value, ticket });
    return ask(command, ticket, path);
  }

  /** A command that no value stands for. @param {Record<string, unknown>} command */
  const order = (command) => ask(command, ++tickets, null);

  /** @param {boolean} running */
  function want(running) {
    const ticket = ++tickets;
    dispatch({ type: "want", running, ticket });
    return ask({ name: running ? "play" : "pause" }, ticket, null);
  }

  return {
    play: () => want(true),
    pause: () => want(false),
    step: (count = 1) => order({ name: "step", count }),
    reset: (keep_seed = true) => order({ name: "reset", keep_seed }),
    /** @param {number | null} steps_per_second null: as fast as it goes */
    speed: (steps_per_second) => change("speed", steps_per_second, { name: "speed", steps_per_second }),

    /** @param {string} path @param {unknown} value */
    edit: (path, value) => change(path, value, { name: "edit", patch: patchOf(path, value) }),

    /**
     * A field of one hidden layer (0 = the first).
     *
     * @param {number} layer
     * @param {string} field
     * @param {unknown} value
     */
    setLayer: (layer, field, value) =>
      change(`network.hidden.${layer}.${field}`, value, { name: "set_layer", layer, patch: { [field]: value } }),

    /**
     * A field of every hidden layer at once.
     *
     * @param {Record<string, unknown>[]} hidden the layers as they are
     * @param {string} field
     * @param {unknown} value
     */
    setLayers: (hidden, field, value) =>
      change(`network.hidden.all.${field}`, value, {
        name: "edit",
        patch: { network: { hidden: hidden.map((layer) => ({ ...layer, [field]: value })) } },
      }),

    // Structure: each command counts, so none waits for another; `count` is what the page shows until the server says.

    /** A hidden layer before the output. @param {number} count layers after it */
    addLayer: (count) => structure("network.hidden.length", count, { name: "add_layer", at: count - 1 }),
    /** @param {number} at @param {number} count */
    removeLayer: (at, count) => structure("network.hidden.length", count, { name: "remove_layer", at }),
    /** @param {number} layer @param {number} count */
    addUnit: (layer, count) => structure(`network.hidden.${layer}.units`, count, { name: "add_unit", layer }),
    /** @param {number} layer @param {number} unit @param {number} count */
    removeUnit: (layer, unit, count) => structure(`network.hidden.${layer}.units`, count, { name: "remove_unit", layer, unit }),
    /** Split a neuron in two that answer alike. @param {number} layer @param {number} unit @param {number} count */
    widen: (layer, unit, count) => structure(`network.hidden.${layer}.units`, count, { name: "widen", layer, unit }),

    // Numbers of the network itself: layers count from the first hidden one, the output layer comes last.

    /** @param {number} layer @param {number} input @param {number} unit @param {number} value */
    setWeight: (layer, input, unit, value) =>
      change(`weights.${layer}.${input}.${unit}`, value, { name: "set_weight", layer, input, unit, value }),
    /** @param {number} layer @param {number} unit @param {number} value */
    setBias: (layer, unit, value) => change(`biases.${layer}.${unit}`, value, { name: "set_bias", layer, unit, value }),

    /** Which of the lab's dearer instruments somebody looks at. @param {string[]} instruments */
    watch: (instruments) => order({ name: "watch", instruments }),
    /** A command as the server offered it. @param {Record<string, unknown>} command */
    apply: (command) => order(command),
    /** How the pictures look at the run. @param {number[] | null} axes two inputs, or principal components @param {boolean} gradients */
    lookAt: (axes, gradients) => order({ name: "look_at", axes, gradients }),

    /** Train these beside the run, from step 0; none ends it. @param {unknown[]} variants */
    compare: (variants) => order({ name: "compare", variants }),
    /** This variant becomes the run. @param {number} variant counted from 1 */
    keep: (variant) => order({ name: "keep", variant }),
    /** So many seeds beside the run; 0 ends it. @param {number} seeds */
    band: (seeds) => order({ name: "band", seeds }),

    /** Another experiment, from its start. @param {unknown} experiment */
    load: (experiment) => order({ name: "load", experiment }),
    undo: () => order({ name: "undo" }),
    redo: () => order({ name: "redo" }),
  };
}

/** @typedef {ReturnType<typeof makeCommands>} Commands */
