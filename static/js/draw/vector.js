/** A 2d context that writes SVG: what a view paints on its canvas, it paints on this, and the picture stays sharp. */

/** @typedef {{a: number, b: number, c: number, d: number, e: number, f: number}} Matrix */

const SVG = "http://www.w3.org/2000/svg";
const UNMOVED = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };
const PLAIN = {
  fillStyle: /** @type {any} */ ("#000"), strokeStyle: /** @type {any} */ ("#000"), lineWidth: 1, lineCap: "butt", lineJoin: "miter", dash: /** @type {number[]} */ ([]),
  font: "10px sans-serif", textAlign: "start", textBaseline: "alphabetic", globalAlpha: 1, imageSmoothingEnabled: true, matrix: UNMOVED, clipped: "",
};
const ANCHORS = { left: "start", start: "start", center: "middle", right: "end", end: "end" };

/** @param {number} value */
const short = (value) => String(Number(value.toFixed(2)));

/** As much of CanvasRenderingContext2D as the views use; its state are plain properties, as there. */
export class VectorContext {
  /** @param {string} prefix of its ids: several may stand in one picture */
  constructor(prefix) {
    Object.assign(this, PLAIN);
    /** @type {any} */
    this.self = this;
    this.prefix = prefix;
    this.group = document.createElementNS(SVG, "g");
    this.defs = this.group.appendChild(document.createElementNS(SVG, "defs"));
    /** @type {(typeof PLAIN)[]} */
    this.saved = [];
    /** @type {string[]} */
    this.path = [];
    /** Whole canvases, each embedded once. @type {Map<HTMLCanvasElement, string>} */
    this.embedded = new Map();
    this.ids = 0;
    this.ruler = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  }

  /** @returns {typeof PLAIN} */
  get state() {
    return this.self;
  }

  // State ----------------------------------------------------------------------------------------

  save() {
    const { state } = this;
    this.saved.push(/** @type {any} */ (Object.fromEntries(Object.keys(PLAIN).map((name) => [name, /** @type {any} */ (state)[name]]))));
  }

  restore() {
    Object.assign(this, this.saved.pop() ?? {});
  }

  /** @param {number[]} dash */
  setLineDash(dash) {
    this.state.dash = dash;
  }

  /** @param {number} x @param {number} y */
  translate(x, y) {
    const { a, b, c, d, e, f } = this.state.matrix;
    this.state.matrix = { a, b, c, d, e: a * x + c * y + e, f: b * x + d * y + f };
  }

  /** @param {number} angle */
  rotate(angle) {
    const { a, b, c, d, e, f } = this.state.matrix;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.state.matrix = { a: a * cos + c * sin, b: b * cos + d * sin, c: c * cos - a * sin, d: d * cos - b * sin, e, f };
  }

  // Paths ----------------------------------------------------------------------------------------

  beginPath() {
    this.path = [];
  }

  /** @param {string} letter @param {number[]} numbers */
  go(letter, ...numbers) {
    this.path.push(letter + numbers.map(short).join(" "));
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.go("M", x, y);
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.go(this.path.length > 0 ? "L" : "M", x, y);
  }

  /** @param {number[]} numbers */
  bezierCurveTo(...numbers) {
    this.go("C", ...numbers);
  }

  closePath() {
    this.go("Z");
  }

  /** @param {number} x @param {number} y @param {number} wide @param {number} high */
  rect(x, y, wide, high) {
    this.path.push(`M${short(x)} ${short(y)}h${short(wide)}v${short(high)}h${short(-wide)}Z`);
  }

  /** @param {number} x @param {number} y @param {number} wide @param {number} high @param {number | number[]} radius */
  roundRect(x, y, wide, high, radius = 0) {
    const r = Math.min(Array.isArray(radius) ? radius[0] : radius, wide / 2, high / 2);
    const turn = `a${short(r)} ${short(r)} 0 0 1 `;
    const [across, down] = [short(wide - 2 * r), short(high - 2 * r)];
    const s = short(r);
    this.path.push(`M${short(x + r)} ${short(y)}h${across}${turn}${s} ${s}v${down}${turn}-${s} ${s}h-${across}${turn}-${s} -${s}v-${down}${turn}${s} -${s}Z`);
  }

  /** @param {number} x @param {number} y @param {number} r @param {number} from @param {number} to */
  arc(x, y, r, from, to) {
    const start = [x + r * Math.cos(from), y + r * Math.sin(from)];
    this.go(this.path.length > 0 && !this.path.at(-1)?.endsWith("Z") && Math.abs(to - from) < 6.28 ? "L" : "M", ...start);
    const middle = (from + to) / 2;
    for (const angle of [middle, to]) this.path.push(`A${short(r)} ${short(r)} 0 0 ${to > from ? 1 : 0} ${short(x + r * Math.cos(angle))} ${short(y + r * Math.sin(angle))}`);
  }

  // What is seen ---------------------------------------------------------------------------------

  /** @param {string} name @param {Record<string, string | number | undefined>} attributes @param {Element} [parent] */
  add(name, attributes, parent = this.group) {
    const element = document.createElementNS(SVG, name);
    const { matrix, globalAlpha, clipped } = this.state;
    for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, typeof value === "number" ? short(value) : value);
    const moved = Object.values(matrix).some((value, index) => value !== Object.values(UNMOVED)[index]);
    if (moved && !element.hasAttribute("transform")) element.setAttribute("transform", `matrix(${Object.values(matrix).map((value) => Number(value.toFixed(5))).join(" ")})`);
    if (parent === this.group) {
      if (globalAlpha < 1) element.setAttribute("opacity", String(globalAlpha));
      if (clipped && !element.hasAttribute("clip-path")) element.setAttribute("clip-path", `url(#${clipped})`);
    }
    parent.append(element);
    return element;
  }

  newId() {
    this.ids += 1;
    return `${this.prefix}${this.ids}`;
  }

  /** @param {any} style */
  colorOf(style) {
    return typeof style === "string" ? style : `url(#${style.id})`;
  }

  fill() {
    const style = this.state.fillStyle;
    if (!(style instanceof Tiling)) {
      this.add("path", { d: this.path.join(""), fill: this.colorOf(style) });
      return;
    }
    // A canvas seen through the path.
    const { a, b, c, d, e, f } = style.matrix;
    const inside = this.add("g", { "clip-path": `url(#${this.clipPath()})` });
    this.add("use", { href: `#${this.embed(style.canvas)}`, transform: `matrix(${[a, b, c, d, e, f].map((value) => Number(value.toFixed(5))).join(" ")})` }, inside);
  }

  stroke() {
    const { strokeStyle, lineWidth, lineCap, lineJoin, dash } = this.state;
    const dashed = dash.length > 0 ? { "stroke-dasharray": dash.map(short).join(" ") } : {};
    this.add("path", { d: this.path.join(""), fill: "none", stroke: this.colorOf(strokeStyle), "stroke-width": lineWidth, "stroke-linecap": lineCap, "stroke-linejoin": lineJoin, ...dashed });
  }

  /** @param {number} x @param {number} y @param {number} wide @param {number} high */
  fillRect(x, y, wide, high) {
    if (wide > 0 && high > 0) this.add("rect", { x, y, width: wide, height: high, fill: this.colorOf(this.state.fillStyle) });
  }

  /** @param {number} x @param {number} y @param {number} wide @param {number} high */
  strokeRect(x, y, wide, high) {
    this.add("rect", { x, y, width: wide, height: high, fill: "none", stroke: this.colorOf(this.state.strokeStyle), "stroke-width": this.state.lineWidth });
  }

  clearRect() {}

  /** The path so far as a clip of its own, within the one in force. */
  clipPath() {
    const id = this.newId();
    const { clipped } = this.state;
    const box = this.add("clipPath", { id, ...(clipped ? { "clip-path": `url(#${clipped})` } : {}) }, this.defs);
    box.removeAttribute("transform");
    this.add("path", { d: this.path.join("") }, box);
    return id;
  }

  clip() {
    this.state.clipped = this.clipPath();
  }

  /** @param {string} text */
  measureText(text) {
    this.ruler.font = this.state.font;
    return this.ruler.measureText(text);
  }

  /** @param {string} text @param {number} x @param {number} y @param {Record<string, string | number>} [more] */
  fillText(text, x, y, more = { fill: this.colorOf(this.state.fillStyle) }) {
    const { font, textAlign, textBaseline } = this.state;
    // SVG programs agree on the alphabetic baseline alone.
    this.ruler.textBaseline = /** @type {CanvasTextBaseline} */ (textBaseline);
    const here = this.measureText(text).actualBoundingBoxAscent;
    this.ruler.textBaseline = "alphabetic";
    const down = this.measureText(text).actualBoundingBoxAscent - here;
    const anchor = ANCHORS[/** @type {keyof typeof ANCHORS} */ (textAlign)];
    this.add("text", { x, y: y + down, "text-anchor": anchor, style: `font: ${font}`, ...more }).textContent = text;
  }

  /** @param {string} text @param {number} x @param {number} y */
  strokeText(text, x, y) {
    const { strokeStyle, lineWidth, lineJoin } = this.state;
    this.fillText(text, x, y, { fill: "none", stroke: this.colorOf(strokeStyle), "stroke-width": lineWidth, "stroke-linejoin": lineJoin });
  }

  /** @param {HTMLCanvasElement} canvas */
  embed(canvas) {
    const known = this.embedded.get(canvas);
    if (known) return known;
    const id = this.newId();
    this.defs.append(imageOf(canvas, id));
    this.embedded.set(canvas, id);
    return id;
  }

  /** @param {HTMLCanvasElement} canvas @param {number[]} numbers as in the canvas's own: the place, or the part and the place */
  drawImage(canvas, ...numbers) {
    const [left, top, wide, high] = numbers.length > 4 ? numbers.slice(0, 4) : [0, 0, canvas.width, canvas.height];
    const [x, y, width = wide, height = high] = numbers.length > 4 ? numbers.slice(4) : numbers;
    const part = document.createElement("canvas");
    part.width = Math.max(1, Math.round(wide));
    part.height = Math.max(1, Math.round(high));
    part.getContext("2d")?.drawImage(canvas, left, top, wide, high, 0, 0, part.width, part.height);
    const smooth = this.state.imageSmoothingEnabled ? {} : { style: "image-rendering: pixelated" };
    this.add("image", { x, y, width, height, preserveAspectRatio: "none", href: part.toDataURL(), ...smooth });
  }

  /** @param {HTMLCanvasElement} canvas */
  createPattern(canvas) {
    return new Tiling(canvas);
  }

  /** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
  createLinearGradient(x1, y1, x2, y2) {
    const id = this.newId();
    const gradient = this.add("linearGradient", { id, x1, y1, x2, y2, gradientUnits: "userSpaceOnUse" }, this.defs);
    return {
      id,
      /** @param {number} offset @param {string} color */
      addColorStop(offset, color) {
        const stop = document.createElementNS(SVG, "stop");
        stop.setAttribute("offset", String(Number(offset.toFixed(4))));
        stop.setAttribute("stop-color", color);
        gradient.append(stop);
      },
    };
  }
}

/** A canvas as a fill. */
class Tiling {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.matrix = UNMOVED;
  }

  /** @param {DOMMatrix} matrix */
  setTransform({ a, b, c, d, e, f }) {
    this.matrix = { a, b, c, d, e, f };
  }
}

/** @param {HTMLCanvasElement} canvas @param {string} id */
function imageOf(canvas, id) {
  const image = document.createElementNS(SVG, "image");
  for (const [name, value] of Object.entries({ id, width: canvas.width, height: canvas.height, href: canvas.toDataURL() })) image.setAttribute(name, String(value));
  return image;
}

/**
 * Several pictures as they lie over each other, on one ground.
 * @param {number} width
 * @param {number} height
 * @param {string} ground
 * @param {{group: Element, x: number, y: number}[]} parts
 */
export function svgOf(width, height, ground, parts) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` })) svg.setAttribute(name, String(value));
  const back = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ width: "100%", height: "100%", fill: ground })) back.setAttribute(name, value);
  svg.append(back);
  for (const { group, x, y } of parts) {
    group.setAttribute("transform", `translate(${short(x)} ${short(y)})`);
    svg.append(group);
  }
  return new XMLSerializer().serializeToString(svg);
}
