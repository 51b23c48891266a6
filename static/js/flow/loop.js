// Which panel is drawn in which animation frame. Decides only: what draws, and the clock, are given.

/**
 * @typedef {object} Panel
 * @property {string} name
 * @property {(slice: any) => void} draw
 * @property {number} [interval_ms] no sooner than this after its last drawing (default 0: every frame)
 * @property {boolean} [heavy] one heavy panel an animation frame, and none right after a slow one
 * @property {number} [share] of the page's time, at most: where drawing it is slow, it is drawn more rarely
 */

/**
 * @typedef {object} Clock
 * @property {() => number} now in ms
 * @property {(tick: () => void) => void} nextFrame
 * @property {(wake: () => void, delay_ms: number) => void} later
 * @property {() => boolean} hidden is the tab in the background?
 */

/** @typedef {{panel: Panel, visible: boolean, dirty: boolean, drawn_at: number, cost_ms: number, dirty_since: number, urgent: boolean, broken: boolean}} Entry */

/** The last tick took longer: heavy panels wait. */
export const SLOW_MS = 25;
/** A heavy panel waits at most this long behind slow frames, so that it never starves. */
export const PATIENCE_MS = 700;
/** So long without a newer slice, and what was put off is drawn. Sooner, it goes along with the next slice: each
 * animation frame costs the browser as much again as the drawing, in layout, rasterizing and compositing. */
export const QUIET_MS = 80;
const SMOOTHING = 0.3;

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
  let ticked_at = 0;
  /** @type {Entry[]} */
  const entries = panels.map((panel) => ({ panel, visible: true, dirty: false, drawn_at: -Infinity, cost_ms: 0, dirty_since: 0, urgent: false, broken: false }));

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
        (calm || now - entry.dirty_since > PATIENCE_MS + interval(entry)),
    );
    // The one that has waited longest: panels take turns instead of the first one winning always.
    due.sort((a, b) => a.drawn_at - b.drawn_at);
    return due[0];
  }

  /** @param {Entry} entry */
  function draw(entry) {
    entry.dirty = entry.urgent = false;
    const start = entry.drawn_at = clock.now();
    try {
      entry.panel.draw(latest);
    } catch (error) {
      // One broken picture must not stop the others, the metrics or the credits; said once, not at 30 Hz.
      if (!entry.broken) hooks.onError?.(entry.panel.name, error);
      entry.broken = true;
    }
    const cost_ms = clock.now() - start;
    entry.cost_ms += (entry.cost_ms === 0 ? 1 : SMOOTHING) * (cost_ms - entry.cost_ms);
  }

  function tick() {
    requested = false;
    if (clock.hidden() || latest === null) return;
    const start = ticked_at = clock.now();
    for (const entry of entries) {
      if ((entry.urgent || !entry.panel.heavy) && isDue(entry, start)) draw(entry);
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
    if (sleeping || !entries.some((entry) => entry.dirty && entry.visible)) return;
    sleeping = true;
    clock.later(() => {
      sleeping = false;
      const now = clock.now();
      if (now - ticked_at >= QUIET_MS && entries.some((entry) => isDue(entry, now))) request();
      else planRest();
    }, QUIET_MS);
  }

  /** @param {Entry} entry */
  function soil(entry) {
    if (!entry.dirty) entry.dirty_since = clock.now();
    entry.dirty = true;
  }

  /** Draw again what was drawn: everything, or one panel. @param {string} [name] */
  function redraw(name) {
    for (const entry of entries) {
      if (name !== undefined && entry.panel.name !== name) continue;
      soil(entry);
      entry.drawn_at = -Infinity;
    }
    request();
  }

  return {
    /** A newer slice to draw. @param {any} slice */
    offer(slice) {
      latest = slice;
      entries.forEach(soil);
      request();
    },
    /** Everything at once, in other colours: half a page in the old ones is worse than one slow animation frame. */
    repaint() {
      for (const entry of entries) entry.urgent = true;
      redraw();
    },
    redraw,
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
  return entry.dirty && entry.visible && now - entry.drawn_at >= interval(entry);
}

/** @param {Entry} entry */
function interval({ panel, cost_ms }) {
  return Math.max(panel.interval_ms ?? 0, cost_ms / (panel.share ?? 1));
}
