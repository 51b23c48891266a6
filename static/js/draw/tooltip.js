/** A small label that follows the pointer inside a view. For the eyes; the table says the same in words. */

import { create, setText } from "./dom.js";

/**
 * @param {HTMLElement} element the view it lies in
 * @returns {{show: (x: number, y: number, lines: string[]) => void, hide: () => void}}
 */
export function tooltip(element) {
  const box = create("div", { class: "view-tooltip", "aria-hidden": "true", hidden: "" });
  element.append(box);
  return {
    show(x, y, lines) {
      while (box.children.length < lines.length) box.append(create("div"));
      while (box.children.length > lines.length) box.lastElementChild?.remove();
      lines.forEach((line, index) => setText(box.children[index], line));
      box.hidden = false;
      const width = box.offsetWidth;
      const height = box.offsetHeight;
      const left = x + 14 + width > element.clientWidth ? x - 14 - width : x + 14;
      const top = y - height - 10 < 0 ? y + 16 : y - height - 10;
      box.style.transform = `translate(${Math.round(Math.max(0, left))}px, ${Math.round(top)}px)`;
    },
    hide() {
      box.hidden = true;
    },
  };
}
