/** The line along which a grid takes a level: marching squares into a buffer that is used again. Pure. */

/** Saturated codes flatten the crossing; in log-odds the line runs where a finer grid would put it. */
export const LOG_ODDS = Float32Array.from({ length: 256 }, (_, code) => {
  const share = (Math.min(254.5, Math.max(0.5, code)) / 255) || 0;
  return Math.log(share / (1 - share));
});

/**
 * Segments of the line on which a grid takes `level`, in grid coordinates (x0, y0, x1, y1 each).
 * @param {Float32Array} values row-major
 * @param {number} columns
 * @param {number} rows
 * @param {number} level
 * @param {Float32Array} out full segments beyond its length are left out
 * @returns {number} how many segments
 */
export function contour(values, columns, rows, level, out) {
  let count = 0;
  const most = Math.floor(out.length / 4);
  for (let row = 0; row + 1 < rows; row += 1) {
    for (let column = 0; column + 1 < columns; column += 1) {
      const place = row * columns + column;
      const a = values[place] - level;
      const b = values[place + 1] - level;
      const c = values[place + columns + 1] - level;
      const d = values[place + columns] - level;
      const kind = (a > 0 ? 1 : 0) | (b > 0 ? 2 : 0) | (c > 0 ? 4 : 0) | (d > 0 ? 8 : 0);
      if (kind === 0 || kind === 15) continue;
      // Crossings of the four sides: top (a–b), right (b–c), bottom (d–c), left (a–d).
      const top = column + a / (a - b);
      const right = row + b / (b - c);
      const bottom = column + d / (d - c);
      const left = row + a / (a - d);
      const saddle = kind === 5 || kind === 10;
      if (count + (saddle ? 2 : 1) > most) return count;
      if (saddle) {
        const joined = a + b + c + d > 0 === (kind === 5);
        // joined: a and c lie on one piece of land, so the lines cut off the corners b and d.
        put(out, count, top, row, joined ? column + 1 : column, joined ? right : left);
        put(out, count + 1, bottom, row + 1, joined ? column : column + 1, joined ? left : right);
        count += 2;
        continue;
      }
      const side = kind > 7 ? 15 - kind : kind;
      if (side === 1) put(out, count, column, left, top, row);
      else if (side === 2) put(out, count, top, row, column + 1, right);
      else if (side === 3) put(out, count, column, left, column + 1, right);
      else if (side === 4) put(out, count, column + 1, right, bottom, row + 1);
      else if (side === 6) put(out, count, top, row, bottom, row + 1);
      else put(out, count, column, left, bottom, row + 1);
      count += 1;
    }
  }
  return count;
}

/**
 * @param {Float32Array} out
 * @param {number} index
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 */
function put(out, index, x0, y0, x1, y1) {
  const place = index * 4;
  out[place] = x0;
  out[place + 1] = y0;
  out[place + 2] = x1;
  out[place + 3] = y1;
}
