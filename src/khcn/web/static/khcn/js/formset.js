// Lists of forms that grow (data-formset), and the way between an item and its passage in a source text (data-reading).
(() => {
  const renumber = (element, prefix, index) => {
    for (const name of ["name", "id", "for", "aria-describedby"]) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replace(new RegExp(`(${prefix}-)\\d+`), `$1${index}`));
    }
  };
  const grow = (list) => {
    const prefix = list.dataset.formset;
    const total = list.querySelector(`input[name="${prefix}-TOTAL_FORMS"]`);
    const blank = list.querySelector("[data-formset-blank]");
    if (!total || !blank) return;
    const pattern = blank.cloneNode(true);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = blank.querySelector("legend").textContent.trim();
    const filled = blank.querySelector(".is-invalid") !== null;
    if (!filled) {
      // The empty form waits behind the button until it is asked for.
      blank.remove();
      total.value = String(Number(total.value) - 1);
    }
    list.append(button);
    button.addEventListener("click", () => {
      const index = Number(total.value);
      const made = pattern.cloneNode(true);
      made.removeAttribute("data-formset-blank");
      made.id = `muc-${prefix}-${index}`;
      made.querySelectorAll("*").forEach((element) => renumber(element, prefix, index));
      button.before(made);
      total.value = String(index + 1);
      const first = made.querySelector("textarea, input:not([type=hidden]), select");
      if (first) first.focus();
    });
  };
  const watch = (reading) => {
    const text = reading.querySelector(".k-source-text");
    const form = reading.querySelector("form");
    const light = (key, move) => {
      let first = null;
      text.querySelectorAll("[data-keys]").forEach((mark) => {
        const lit = mark.dataset.keys.split(" ").includes(key);
        mark.classList.toggle("k-lit", lit);
        if (lit && !first) first = mark;
      });
      if (!first || !move) return;
      const room = text.clientHeight / 3;
      text.scrollTop = first.offsetTop - room; // the text is the marks' offset parent
      const { top, bottom } = text.getBoundingClientRect();
      if (top < 0 || bottom > window.innerHeight) text.scrollIntoView({ block: "nearest", behavior: "smooth" });
    };
    reading.addEventListener("click", (event) => {
      const jump = event.target.closest("[data-jump]");
      if (jump) { event.preventDefault(); light(jump.dataset.jump, true); return; }
      const mark = event.target.closest("[data-keys]");
      if (!mark) return;
      const key = mark.dataset.keys.split(" ")[0];
      const item = document.getElementById(`muc-${key}`);
      if (!item) return;
      event.preventDefault();
      light(key, false);
      item.scrollIntoView({ block: "center", behavior: "smooth" });
      const box = item.querySelector("textarea, input:not([type=hidden]), select");
      if (box) box.focus({ preventScroll: true });
    });
    reading.addEventListener("focusin", (event) => {
      const item = event.target.closest("[data-item]");
      if (item && window.innerWidth >= 992) light(item.dataset.item, true);
    });
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  };
  const start = () => {
    document.querySelectorAll("[data-formset]").forEach(grow);
    document.querySelectorAll("[data-reading]").forEach(watch);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
