// Forms: amounts in words, dates typed without slashes, dropped files, one send at a time, the error summary.
(() => {
  const grouped = (digits) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ".");
  const timers = new WeakMap();

  const tellWords = async (input) => {
    const output = document.querySelector(`output[for="${input.id}"]`);
    if (!output) return;
    if (!input.value.trim()) { output.textContent = ""; output.classList.remove("k-words-bad"); return; }
    try {
      const answer = await fetch(`${input.dataset.money}?q=${encodeURIComponent(input.value)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const told = await answer.json();
      output.textContent = told.words || told.problem;
      output.classList.toggle("k-words-bad", Boolean(told.problem));
    } catch { output.textContent = ""; }
  };
  const groupDigits = (input) => {
    const bare = input.value.replace(/[.\s]/g, "");
    if (!/^\d+$/.test(bare) || bare.length < 4) return;
    const after = input.value.length - input.selectionEnd;
    input.value = grouped(bare);
    const at = Math.max(0, input.value.length - after);
    input.setSelectionRange(at, at);
  };
  const slashed = (text) => {
    const bare = text.trim();
    let parts = /^(\d{2})(\d{2})(\d{4})$/.exec(bare) || /^(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4})$/.exec(bare);
    return parts ? `${parts[1].padStart(2, "0")}/${parts[2].padStart(2, "0")}/${parts[3]}` : text;
  };
  const named = (input) => {
    const text = input.closest("[data-drop]").querySelector("[data-drop-text]");
    const names = [...input.files].map((file) => `${file.name} (${(file.size / 1048576).toFixed(1).replace(".", ",")} MB)`);
    text.textContent = names.join(", ") || text.dataset.empty;
    text.classList.toggle("k-chosen", names.length > 0);
  };

  document.addEventListener("input", (event) => {
    const input = event.target;
    if (input.matches("[data-money]")) {
      groupDigits(input);
      clearTimeout(timers.get(input));
      timers.set(input, setTimeout(() => tellWords(input), 250));
    }
  });
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.matches("[data-day]")) input.value = slashed(input.value);
    else if (input.matches(".k-day-native") && input.value) {
      const [year, month, day] = input.value.split("-");
      const box = input.closest(".k-day-box").querySelector("[data-day]");
      box.value = `${day}/${month}/${year}`;
      box.dispatchEvent(new Event("change", { bubbles: true }));
      box.focus();
    } else if (input.matches("[data-drop] input[type=file]")) named(input);
    else if (input.matches("[data-submit-on-change]")) input.form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-day-open]");
    if (!button) return;
    const box = button.closest(".k-day-box");
    const native = box.querySelector(".k-day-native");
    const parts = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(slashed(box.querySelector("[data-day]").value));
    native.value = parts ? `${parts[3]}-${parts[2]}-${parts[1]}` : "";
    if (native.showPicker) native.showPicker();
  });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const area = event.target.closest && event.target.closest("[data-drop]");
      if (area) area.classList.toggle("k-drop-over", kind === "dragenter" || kind === "dragover");
    });
  }
  // A form is sent once; the button says that it is at work, and comes back when the browser shows the page again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-form]")) return;
    if (form.dataset.sent === "yes") { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    form.querySelectorAll("button[type=submit]").forEach((button) => button.setAttribute("aria-busy", "true"));
  });
  const release = () => document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });
  window.addEventListener("pageshow", release);
  document.addEventListener("htmx:afterRequest", release);

  const start = (root) => {
    root.querySelectorAll("[data-money]").forEach(tellWords);
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  };
  document.addEventListener("DOMContentLoaded", () => start(document));
  if (document.readyState !== "loading") start(document);
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) start(event.target); });
})();
