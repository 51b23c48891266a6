// Before the first paint: the remembered mode, else the one the system asks for. A classic script, loaded in the head.
(function () {
  /** @type {string | null} */
  let mode = null;
  try {
    mode = localStorage.getItem("mode");
  } catch {
    // Storage can be forbidden; then nothing is remembered.
  }
  if (mode !== "light" && mode !== "dark" && mode !== "projector") {
    mode = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  document.documentElement.dataset.mode = mode;
})();
