// The phone: a tab bar that goes to the sections, and the header's second row moved into the set-up.

/** Narrower than this the page is one column; layout's media query says the same. */
const PHONE = "(max-width: 759px)";

/** @param {HTMLElement} bar links to the sections' ids */
export function tabBar(bar) {
  const links = Array.from(bar.querySelectorAll("a"));
  const sections = links.map((link) => /** @type {HTMLElement} */ (document.querySelector(String(link.getAttribute("href")))));
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  function mark() {
    // The section that holds the line a third down the screen; at the very end the last one, however short.
    const line = innerHeight / 3;
    const end = scrollY + innerHeight >= document.documentElement.scrollHeight - 4;
    const tops = sections.map((section) => section.getBoundingClientRect());
    const found = end ? sections.length - 1 : tops.findLastIndex((box) => box.top <= line);
    links.forEach((link, index) => {
      if (index === Math.max(found, 0)) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }
  links.forEach((link, index) => {
    link.addEventListener("click", (event) => {
      // The address's hash belongs to the experiment.
      event.preventDefault();
      sections[index].scrollIntoView({ behavior: calm.matches ? "auto" : "smooth" });
    });
  });
  addEventListener("scroll", mark, { passive: true });
  addEventListener("resize", mark, { passive: true });
  mark();
}

/**
 * Move `fields` into `slot` on a phone, and back.
 *
 * @param {HTMLElement} slot
 * @param {HTMLElement[]} fields
 */
export function phoneLayout(slot, fields) {
  const homes = fields.map((field) => {
    const home = document.createComment(field.id);
    field.before(home);
    return home;
  });
  const phone = matchMedia(PHONE);
  function arrange() {
    fields.forEach((field, index) => {
      if (phone.matches) slot.append(field);
      else homes[index].after(field);
    });
  }
  phone.addEventListener("change", arrange);
  arrange();
}
