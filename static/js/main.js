// Joins the parts: socket → store → loop → views, and controls → commands → socket.

import { runBanner } from "./controls/banner.js";
import { coachLine, take } from "./controls/coach.js";
import { comparison } from "./controls/comparison.js";
import { neuronEditor } from "./controls/editor.js";
import { outputControls } from "./controls/output.js";
import { filesAndChanges } from "./controls/files.js";
import { followable, showTogether } from "./controls/following.js";
import { buildForm, frameForm } from "./controls/form.js";
import { explainer } from "./controls/explain.js";
import { fieldAt, fieldsOf } from "./controls/fields.js";
import { watchTogether } from "./controls/hall.js";
import { keyboard } from "./controls/keys.js";
import { layerControls } from "./controls/layers.js";
import { noticeList, speaker } from "./controls/messages.js";
import { metrics } from "./controls/metrics.js";
import { modeSwitch } from "./controls/mode.js";
import { phoneLayout, tabBar } from "./controls/tabs.js";
import { transport } from "./controls/transport.js";
import { beginning, store } from "./flow/begin.js";
import { follower } from "./flow/follow.js";
import { steers } from "./flow/hall.js";
import { makeLoop } from "./flow/loop.js";
import { links } from "./flow/links.js";
import { isRunning, shown } from "./flow/reducer.js";
import { drawAnew } from "./draw/canvas.js";
import { later } from "./draw/later.js";
import { mountLab } from "./views/lab.js";
import { mount as mountNetwork } from "./views/network.js";
import { mount as mountSurface } from "./views/surface.js";
import { drawDataset, drawFeature } from "./views/thumbnails.js";

/** @typedef {import("./flow/reducer.js").Page} Page */

/** @template {HTMLElement} [Kind=HTMLElement] @param {string} id @returns {Kind} */
function place(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return /** @type {Kind} */ (element);
}

const { dispatch } = store;
const say = speaker(place("status"));
const schema = fetch("/api/schema").then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`HTTP ${answer.status}`))));
const { commands, credit, exchange, hall, link, settled } = await beginning;

/** What nobody needs at once is fetched when the first pictures are there. */
const shownOnce = new Promise((resolve) => store.watch((page) => page.drawn !== null, (is) => is && resolve(null)));

/** A frame that came before the line broke may be drawn after it. @param {any} header null where only the line changed */
function showRunState(header) {
  const { connection } = store.get();
  if (connection === "lost" || connection === "refused") document.body.dataset.runState = "disconnected";
  else if (header) document.body.dataset.runState = header.run_state;
}

/** What the controls read. */
function reading() {
  const page = store.get();
  return {
    value: (/** @type {string} */ path) => shown(page, path),
    refused: page.refused,
    task: String(page.points?.header.task ?? ""),
  };
}

// Pictures ---------------------------------------------------------------------------------------

/** What views share beside the frame. @type {{columns: any[], hoverUnit: number | null, linkDecades: any}} */
const shared = { columns: [], hoverUnit: null, linkDecades: null };
const output = outputControls(
  { panel: place("output"), pictures: place("output-segments"), options: place("output-options"), links: place("network-segments") },
  commands,
  (...names) => names.forEach((name) => loop.redraw(name)),
);
const editor = neuronEditor(place("network-view"), commands, () => show.network.take());

/** @param {string} name @param {() => Promise<{mount: (element: HTMLElement) => (slice: any) => void}>} get */
const fetched = (name, get) => later(async () => (await get()).mount(place(`${name}-view`)), () => loop.redraw(name));

const show = {
  network: mountNetwork(place("network-view"), {
    onLayout(columns) {
      shared.columns = columns;
      layers.layout(columns);
      loop.redraw("river");
    },
    onHoverUnit(unit) {
      shared.hoverUnit = unit;
      loop.redraw("surface");
    },
    onFocus: (layer) => layers.focused(layer),
    onEdit(target, x, y) {
      const { frame } = store.get();
      if (frame && steers(store.get())) editor.open(slice(frame), target, x, y);
    },
    onDecades(decades) {
      shared.linkDecades = decades;
      loop.redraw("river");
    },
  }),
  river: fetched("river", () => import("./views/river.js")),
  surface: mountSurface(place("surface-view")),
  examples: fetched("examples", () => import("./views/examples.js")),
  scores: fetched("scores", () => import("./views/scores.js")),
  loss: fetched("loss", () => import("./views/loss.js")),
};
const layers = layerControls(place("layer-strip"), place("layer-count"), commands, (layer) => show.network.focus(layer), inspect);
/** All that a layer can have, in the form. @param {number} layer counted from 1 */
function inspect(layer) {
  form?.inspect(layer);
  const group = place("field-layer");
  if (!group.checkVisibility()) dispatch({ type: "notice", notice: { level: "info", text: "The settings of a layer stand in the form, which projector mode hides: key P." } });
  group.scrollIntoView({ block: "nearest" });
  group.querySelector("select")?.focus();
}
const showMetrics = metrics(document);
const lab = mountLab(place("lab"), { redraw: (name) => loop.redraw(name), watch: (instruments) => void commands.watch(instruments) });
const sideBySide = comparison({ segments: place("lab-segments"), panel: place("lab-compared"), band: place("lab-band") }, commands, { show: lab.show, read: reading, tell: (notice) => dispatch({ type: "notice", notice }) });
const showCoach = coachLine(place("coach"), commands, say);

/** @param {any} frame */
const slice = (frame) => ({
  ...frame,
  points: store.get().points,
  options: output.look,
  ...shared,
  ...lab.shared,
});

const loop = makeLoop(
  [
    { name: "metrics", draw: ({ header }) => showMetrics(header) },
    { name: "surface", draw: (frame) => show.surface(slice(frame)) },
    { name: "network", interval_ms: 60, heavy: true, share: 0.12, draw: (frame) => show.network(slice(frame)) },
    { name: "river", interval_ms: 60, draw: (frame) => show.river(slice(frame)) },
    { name: "examples", interval_ms: 150, draw: (frame) => show.examples(slice(frame)) },
    { name: "scores", interval_ms: 250, draw: (frame) => show.scores(slice(frame)) },
    { name: "editor", interval_ms: 200, draw: (frame) => editor.show(slice(frame)) },
    { name: "loss", interval_ms: 220, heavy: true, share: 0.04, draw: (frame) => show.loss(slice(frame)) },
    ...lab.panels.map((panel) => ({ ...panel, draw: (/** @type {any} */ frame) => panel.draw(slice(frame)) })),
    { name: "coach", interval_ms: 400, draw: ({ header }) => showCoach(header, store.get()) },
    { name: "side-by-side", interval_ms: 250, draw: ({ header }) => sideBySide.drawn(header) },
    { name: "scenario", draw: ({ header, arrays }) => scenario?.drawn(header, arrays) },
  ],
  {
    now: () => performance.now(),
    nextFrame: (tick) => void requestAnimationFrame(tick),
    later: (wake, delay_ms) => void setTimeout(wake, delay_ms),
    hidden: () => document.hidden,
  },
  {
    onDrawn({ header }) {
      document.body.dataset.step = String(header.step);
      showRunState(header);
      credit(header.seq);
      dispatch({ type: "drawn", header });
    },
    onError(panel, error) {
      console.error(error);
      dispatch({ type: "notice", notice: { level: "error", text: `The picture “${panel}” can't be drawn.` } });
    },
  },
);

store.watch((page) => page.frame, (frame) => frame && loop.offer(frame));
store.watch((page) => page.points, (points) => {
  if (!points) return;
  output.show(points.header);
  loop.redraw();
});
document.addEventListener("visibilitychange", loop.wake);

const PANELS = { surface: "surface-view", network: "network-view", river: "river-view", examples: "examples-view", scores: "scores-view", loss: "loss-view" };
const sight = new IntersectionObserver((entries) => {
  for (const entry of entries) loop.setVisible(String(/** @type {HTMLElement} */ (entry.target).dataset.panel), entry.isIntersecting);
});
/** @param {string} name @param {HTMLElement | null} element */
function observe(name, element) {
  if (!element) return;
  element.dataset.panel = name;
  sight.observe(element);
}
for (const [name, id] of Object.entries(PANELS)) observe(name, place(id));
for (const panel of lab.panels) observe(panel.name, panel.place);
lab.begin();

// Controls ---------------------------------------------------------------------------------------

const motion = transport({ play: place("play"), step: place("step"), reset: place("reset"), speed: place("field-speed") }, commands);
const together = watchTogether({ bar: place("hall"), badge: place("watching") }, hall, exchange, { say, tell: (notice) => dispatch({ type: "notice", notice }), follow: () => follow() });
const files = filesAndChanges({ letWatch: together.open, place, commands, exchange, session: () => store.get().session, read: reading, links: { ...links, settled }, link, tell: (notice) => dispatch({ type: "notice", notice }), say });
const showNotices = noticeList(place("notices"), place("receipts"), (id) => dispatch({ type: "dismiss", id }));

const showBanner = runBanner(place("banner"), { cure: (cure) => void take(cure, commands), reset: () => void commands.reset() });

explainer(() => fetch("/api/explanations").then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`HTTP ${answer.status}`)))));

/** @type {ReturnType<typeof buildForm> | null} */
let form = null;
schema.then(
  (document) => dispatch({ type: "schema", schema: document }),
  () => dispatch({ type: "notice", notice: { level: "error", text: "The form could not be loaded; reload the page to try again." } }),
);
store.watch((page) => page.schema, (loaded) => {
  if (!loaded) return;
  frameForm(place("form"));
  form = buildForm(loaded, commands, reading, { drawDataset, drawFeature }, (layer) => show.network.focus(layer));
  layers.offer(fieldAt(fieldsOf(loaded), "network.hidden.0.activation"));
  sideBySide.fields(fieldsOf(loaded));
  void shownOnce.then(() => import("./controls/tour.js")).then(({ tour }) => tour({ offer: place("tour-offer"), again: place("tour") }));
  phoneLayout(place("setup-slot"), [place("field-speed"), place("field-optimizer")]);
  place("new-start").addEventListener("click", () => void commands.reset(false));
  form.draw();
});

/** What follows from the frame drawn last: it changes up to 30 times a second. @param {Page} page */
function showMotion(page) {
  const { session } = page;
  const speed = page.pending.speed ? page.pending.speed.value : session?.speed;
  const enabled = page.connection === "live" && steers(page);
  motion.show({ running: isRunning(page), enabled, speed: speed === undefined ? 200 : speed, measured: page.drawn?.steps_per_second ?? null });
  files.showHistory(session, enabled);
  motion.refuse(page.refused.speed ?? page.refused.steps_per_second ?? "");
  showBanner({
    connection: page.connection,
    reason: page.reason,
    step: page.drawn?.step ?? 0,
    diverged: page.drawn?.diverged ?? null,
    finished: page.drawn?.finished ?? null,
    layers: (session?.experiment.network.hidden.length ?? 0) + 1,
    cures: (page.drawn?.lab?.findings ?? []).find((/** @type {import("./draw/slice.js").Finding} */ { id }) => id === "divergence")?.cures ?? [],
  });
}

/** What follows from the session and from what was asked for. @param {Page} page */
function showControls(page) {
  if (!page.session) return;
  const now = reading();
  form?.show(now);
  files.showData(now);
  layers.show(now, page.session.limits ?? {});
}

const following = follower(store);
following(["session", "pending", "refused", "connection", "wanted", "drawn", "reason"], showMotion);
following(["session", "pending", "refused", "schema", "points"], showControls);

store.watch((page) => page.session?.comparison, (variants) => variants && sideBySide.variants(variants));
store.watch((page) => page.notices, (notices) => {
  showNotices(notices);
  say(notices.at(-1)?.text ?? "");
});
store.watch((page) => page.refused, (refused) => Object.values(refused).forEach(say));
store.watch((page) => page.connection, (connection) => {
  document.body.dataset.connection = connection;
  loop.redraw("coach");
  showRunState(null);
  place("live-text").textContent = { connecting: "Connecting", live: "Live", lost: "Away", refused: "No room" }[connection];
});
store.watch((page) => page.session, (session, page) => together.show(session, page.me, steers(page)));
store.watch((page) => page.drawn?.run_state, (state) => {
  const step = store.get().drawn?.step ?? 0;
  say({ running: "Training.", paused: `Paused at step ${step}.` }[String(state)] ?? "");
});

const mode = modeSwitch({ dark: place("dark"), projector: place("projector") }, () => {
  form?.draw();
  if (store.get().frame) loop.repaint();
  else drawAnew();
});
/** @type {ReturnType<typeof import("./controls/lecture.js").lecture> | null} */
let scenario = null;
const noScenarios = () => dispatch({ type: "notice", notice: { level: "warning", text: "The scenarios could not be loaded; reload the page to try again." } });
Promise.resolve(/[?&](present|scenario)\b/.test(location.search) || shownOnce).then(() => import("./controls/lecture.js")).then(({ lecture }) => {
  scenario = lecture({ picker: place("scenario-pick"), bar: place("scenario") }, commands, {
    say,
    redraw: () => loop.repaint(),
    failed: noScenarios,
    offered: () => follow(),
    live: new Promise((resolve) => store.watch((page) => page.connection === "live", (is) => is && resolve(null))),
  });
}, noScenarios);
const follow = showTogether(
  followable({ lecture: () => scenario, focus: (layer) => (show.network.focus(layer), layers.focused(layer)), focused: () => layers.focus, point: lab.point, pointed: () => lab.shared.labLayer }),
  store, hall, { steers: () => steers(store.get()), follows: () => together.isFollowing });
tabBar(/** @type {HTMLElement} */ (document.querySelector(".tabs")));

const sheet = /** @type {HTMLDialogElement} */ (place("sheet"));
const openSheet = keyboard([
  { key: " ", of: "play", shown: "Space", words: "Play or pause", act: motion.toggle },
  { key: "s", of: "step", shown: "S", words: "One step (hold for more)", act: () => void commands.step() },
  { key: "r", of: "reset", shown: "R", words: "Reset: step 0, the same seed", act: () => void commands.reset() },
  { key: "n", of: "reset", shown: "N", words: "Reset with the next seed", act: () => void commands.reset(false) },
  { key: "ctrl+z", of: "undo", shown: "Ctrl Z", words: "Undo (with Shift: redo)", act: () => void commands.undo() },
  { key: "d", shown: "D", words: "Light or dark", act: mode.dark },
  { key: "p", shown: "P", words: "Projector: large type", act: mode.projector },
  { key: "?", shown: "?", words: "This sheet", act: () => openSheet() },
], { sheet, list: place("key-list"), button: place("keys") });
