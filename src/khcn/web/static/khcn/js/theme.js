// Sets the remembered theme before the first paint; without a choice the system's preference holds.
(() => {
  const chosen = () => {
    try { return localStorage.getItem("khcn.theme"); } catch { return null; }
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => document.documentElement.setAttribute("data-bs-theme", chosen() || (dark.matches ? "dark" : "light"));
  apply();
  dark.addEventListener("change", apply);
})();
