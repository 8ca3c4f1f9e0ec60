// The palette (Ctrl K): what one types goes to the search page, arrows choose among its answers, Enter opens.
(() => {
  const palette = document.getElementById("k-palette");
  const input = document.getElementById("k-palette-input");
  const results = document.getElementById("k-palette-results");
  if (!palette) return;
  const hits = () => [...results.querySelectorAll("[role=option]")];
  const pick = (index) => {
    const all = hits();
    all.forEach((hit, at) => hit.setAttribute("aria-selected", String(at === index)));
    const chosen = all[index];
    if (chosen) {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const current = () => hits().findIndex((hit) => hit.getAttribute("aria-selected") === "true");
  const open = () => {
    if (palette.open) return;
    palette.showModal();
    input.select();
    input.focus();
    input.dispatchEvent(new CustomEvent("khcn:open"));
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-open]")) open();
    if (event.target.closest("[data-palette-close]")) palette.close();
  });
  input.addEventListener("keydown", (event) => {
    const all = hits();
    if (event.key === "ArrowDown") { event.preventDefault(); pick(Math.min(current() + 1, all.length - 1)); }
    else if (event.key === "ArrowUp") { event.preventDefault(); pick(Math.max(current() - 1, 0)); }
    else if (event.key === "Enter") {
      event.preventDefault();
      const chosen = all[Math.max(current(), 0)];
      if (chosen) { if (event.ctrlKey) window.open(chosen.href, "_blank", "noopener"); else location.assign(chosen.href); }
    }
  });
  results.addEventListener("htmx:afterSwap", () => pick(0));
})();
