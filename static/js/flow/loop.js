// Which panel is drawn in which animation frame. Decides only: what draws, and the clock, are given.

/**
 * @typedef {object} Panel
 * @property {string} name
 * @property {(slice: any) => void} draw
 * @property {number} [interval_ms] no sooner than this after its last drawing (default 0: every frame)
 * @property {boolean} [heavy] one heavy panel an animation frame, and none right after a slow one
 */

/**
 * @typedef {object} Clock
 * @property {() => number} now in ms
 * @property {(tick: () => void) => void} nextFrame
 * @property {(wake: () => void, delay_ms: number) => void} later
 * @property {() => boolean} hidden is the tab in the background?
 */

/** @typedef {{panel: Panel, visible: boolean, dirty: boolean, drawn_at: number, dirty_since: number, broken: boolean}} Entry */

/** The last tick took longer: heavy panels wait. */
export const SLOW_MS = 25;
/** A heavy panel waits at most this long behind slow frames, so that it never starves. */
export const PATIENCE_MS = 700;

/**
 * The page's one scheduler. The latest slice wins; a slice is reported drawn once, after the panels due at once have drawn it.
 *
 * @param {Panel[]} panels
 * @param {Clock} clock
 * @param {{onDrawn?: (slice: any) => void, onError?: (panel: string, error: unknown) => void}} [hooks]
 */
export function makeLoop(panels, clock, hooks = {}) {
  /** @type {any} */
  let latest = null;
  let reported = /** @type {any} */ (null);
  let requested = false;
  let sleeping = false;
  let last_tick_ms = 0;
  /** @type {Entry[]} */
  const entries = panels.map((panel) => ({ panel, visible: true, dirty: false, drawn_at: -Infinity, dirty_since: 0, broken: false }));

  function request() {
    if (requested || latest === null || clock.hidden()) return;
    requested = true;
    clock.nextFrame(tick);
  }

  /** @param {number} now */
  function heavyDue(now) {
    const calm = last_tick_ms <= SLOW_MS;
    const due = entries.filter(
      (entry) =>
        entry.panel.heavy &&
        isDue(entry, now) &&
        (calm || now - entry.dirty_since > PATIENCE_MS + (entry.panel.interval_ms ?? 0)),
    );
    // The one that has waited longest: panels take turns instead of the first one winning always.
    due.sort((a, b) => a.drawn_at - b.drawn_at);
    return due[0];
  }

  /** @param {Entry} entry */
  function draw(entry) {
    entry.dirty = false;
    entry.drawn_at = clock.now();
    try {
      entry.panel.draw(latest);
    } catch (error) {
      // One broken picture must not stop the others, the metrics or the credits; said once, not at 30 Hz.
      if (!entry.broken) hooks.onError?.(entry.panel.name, error);
      entry.broken = true;
    }
  }

  function tick() {
    requested = false;
    if (clock.hidden() || latest === null) return;
    const start = clock.now();
    for (const entry of entries) {
      if (!entry.panel.heavy && isDue(entry, start)) draw(entry);
    }
    const heavy = heavyDue(start);
    if (heavy) draw(heavy);
    last_tick_ms = clock.now() - start;
    if (latest !== reported) {
      reported = latest;
      hooks.onDrawn?.(latest);
    }
    planRest();
  }

  /** What stays dirty though no further slice may come: the last frame of a run has to reach every panel. */
  function planRest() {
    const waiting = entries.filter((entry) => entry.dirty && entry.visible);
    if (waiting.length === 0 || sleeping) return;
    const now = clock.now();
    const waits = waiting.map((entry) => (entry.panel.interval_ms ?? 0) - (now - entry.drawn_at));
    sleeping = true;
    clock.later(() => {
      sleeping = false;
      request();
    }, Math.max(16, Math.min(...waits)));
  }

  /** @param {Entry} entry */
  function soil(entry) {
    if (!entry.dirty) entry.dirty_since = clock.now();
    entry.dirty = true;
  }

  return {
    /** A newer slice to draw. @param {any} slice */
    offer(slice) {
      latest = slice;
      entries.forEach(soil);
      request();
    },
    /** Draw again what was drawn: everything (another mode), or one panel. @param {string} [name] */
    redraw(name) {
      for (const entry of entries) {
        if (name !== undefined && entry.panel.name !== name) continue;
        soil(entry);
        entry.drawn_at = -Infinity;
      }
      request();
    },
    /** Off-screen panels are not drawn; they catch up when they come back. @param {string} name @param {boolean} visible */
    setVisible(name, visible) {
      const entry = entries.find((candidate) => candidate.panel.name === name);
      if (!entry || entry.visible === visible) return;
      entry.visible = visible;
      if (visible) request();
    },
    /** The tab came to the front. */
    wake: request,
    /** ms that the last animation frame took in us. */
    get cost_ms() {
      return last_tick_ms;
    },
  };
}

/** @param {Entry} entry @param {number} now */
function isDue(entry, now) {
  return entry.dirty && entry.visible && now - entry.drawn_at >= (entry.panel.interval_ms ?? 0);
}
