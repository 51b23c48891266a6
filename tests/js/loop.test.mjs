// When each picture is drawn: latest frame wins, heavy panels in turn, nothing in hidden tabs.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { PATIENCE_MS, QUIET_MS, SLOW_MS, makeLoop } from "../../static/js/flow/loop.js";

/** A clock that stands still until told, with one animation frame every 16 ms. */
let time, frames, timers, hidden, drawn, reported;
const clock = {
  now: () => time,
  nextFrame: (tick) => frames.push(tick),
  later: (wake, delay_ms) => timers.push({ wake, at: time + delay_ms }),
  hidden: () => hidden,
};
beforeEach(() => {
  [time, frames, timers, hidden, drawn, reported] = [0, [], [], false, [], []];
});

function frame() {
  time += 16;
  for (const timer of timers.filter(({ at }) => at <= time)) {
    timers.splice(timers.indexOf(timer), 1);
    timer.wake();
  }
  for (const tick of frames.splice(0)) tick();
}
const panel = (name, more = {}) => ({
  name,
  draw: (slice) => {
    drawn.push(`${name}${slice}`);
    time += more.cost ?? 0;
  },
  ...more,
});
const loop = (...panels) => makeLoop(panels, clock, { onDrawn: (slice) => reported.push(slice) });

test("of several slices before an animation frame only the newest is drawn and reported", () => {
  const { offer } = loop(panel("a"));
  offer(1), offer(2), offer(3);
  frame();
  assert.deepEqual([drawn, reported], [["a3"], [3]]);
});

test("nothing is drawn or reported in a hidden tab, and the newest when it comes back", () => {
  const { offer, wake } = loop(panel("a"));
  hidden = true;
  offer(1), offer(2);
  frame();
  assert.deepEqual([drawn, reported], [[], []]);
  hidden = false;
  wake();
  frame();
  assert.deepEqual([drawn, reported], [["a2"], [2]]);
});

test("a panel with an interval keeps it, and still gets the last slice when no more come", () => {
  const { offer } = loop(panel("slow", { interval_ms: 100 }));
  for (let slice = 1; slice <= 4; slice++) {
    offer(slice);
    frame();
  }
  assert.deepEqual(drawn, ["slow1"]);
  for (let more = 0; more < 10; more++) frame();
  assert.deepEqual(drawn, ["slow1", "slow4"]);
});

test("what an interval puts off costs no animation frame of its own while slices come", () => {
  const { offer } = loop(panel("a"), panel("slow", { interval_ms: 40 }));
  let asked = 0;
  for (let time_ms = 0; time_ms < 960; time_ms += 16) {
    if (time_ms % 48 === 0) offer(time_ms);
    asked += frames.length;
    frame();
  }
  assert.equal(asked, 20, "one for each slice");
  assert.equal(drawn.filter((name) => name.startsWith("slow")).length, 20);
  assert.ok(QUIET_MS > 48);
});

test("a panel that is slow to draw is drawn no more often than its share allows", () => {
  const { offer } = loop(panel("slow", { cost: 10, share: 0.05 }));
  for (let slice = 0; slice < 100; slice++) {
    offer(slice);
    frame();
  }
  // 10 ms are a twentieth of 200 ms; a frame takes 16 ms, and 10 more where it is drawn.
  const least = Math.floor(time / (200 + 26));
  assert.ok(drawn.length >= least && drawn.length <= time / 200 + 1, `${drawn.length} in ${time} ms`);
});

test("two heavy panels never share an animation frame, and take turns", () => {
  const { offer } = loop(panel("a", { heavy: true }), panel("b", { heavy: true }));
  const before = [];
  for (let slice = 1; slice <= 6; slice++) {
    offer(slice);
    frame();
    before.push(drawn.splice(0).length);
  }
  assert.deepEqual(before, [1, 1, 1, 1, 1, 1]);
});

test("no heavy panel is drawn after a slow frame, until patience ends", () => {
  const { offer } = loop(panel("surface", { cost: SLOW_MS + 5 }), panel("chart", { heavy: true }));
  offer(0);
  frame();
  drawn.length = 0;
  const began = time;
  while (time - began < PATIENCE_MS - 50) {
    offer(time);
    frame();
  }
  assert.ok(!drawn.some((name) => name.startsWith("chart")), "waits");
  for (let more = 0; more < 6; more++) {
    offer(time);
    frame();
  }
  assert.ok(drawn.some((name) => name.startsWith("chart")), "does not starve");
});

test("an off-screen panel is not drawn, and catches up when it is seen", () => {
  const { offer, setVisible } = loop(panel("a"), panel("b"));
  setVisible("b", false);
  offer(1);
  frame();
  assert.deepEqual(drawn, ["a1"]);
  setVisible("b", true);
  frame();
  assert.deepEqual(drawn, ["a1", "b1"]);
});

test("one broken panel is said once and stops neither the others nor the reports", () => {
  const errors = [];
  const bad = { name: "bad", draw: () => assert.fail("broken") };
  const { offer } = makeLoop([bad, panel("good")], clock, {
    onDrawn: (slice) => reported.push(slice),
    onError: (name) => errors.push(name),
  });
  offer(1);
  frame();
  offer(2);
  frame();
  assert.deepEqual([errors, drawn, reported], [["bad"], ["good1", "good2"], [1, 2]]);
});

test("a redraw is not reported as another slice", () => {
  const { offer, redraw } = loop(panel("a"));
  offer(1);
  frame();
  redraw();
  frame();
  assert.deepEqual([drawn, reported], [["a1", "a1"], [1]]);
});

test("in other colours every panel is drawn in one animation frame, the heavy ones too", () => {
  const { offer, repaint } = loop(panel("a", { heavy: true, interval_ms: 500 }), panel("b", { heavy: true }), panel("c", { interval_ms: 500 }));
  offer(1);
  for (let times = 0; times < 50; times += 1) frame();
  drawn = [];
  repaint();
  frame();
  assert.deepEqual(drawn.sort(), ["a1", "b1", "c1"]);
});
