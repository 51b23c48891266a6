// Which two inputs a picture shows after one of its axes was chosen. Decides only.

/**
 * Both axes are components (null), or both are inputs, and never the same one.
 * @param {number[] | null} before
 * @param {number} which 0 = horizontal, 1 = vertical
 * @param {number | null} wanted an input, or null for a component
 * @param {number} count of inputs
 * @returns {number[] | null}
 */
export function axesAfter(before, which, wanted, count) {
  if (wanted === null) return null;
  const other = before === null ? (wanted + 1) % count : before[1 - which];
  // Chosen twice: the axes change places.
  const kept = other === wanted ? (before === null ? other : before[which]) : other;
  return which === 0 ? [wanted, kept] : [kept, wanted];
}
