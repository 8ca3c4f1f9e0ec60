// The shell of every page: theme, menu groups, toasts, confirmation, keyboard, progress of htmx requests.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const remembered = (key, value) => {
    try {
      if (value === undefined) return localStorage.getItem(key);
      localStorage.setItem(key, value);
    } catch { /* a private window keeps nothing */ }
    return null;
  };

  // Toasts
  const live = $("#k-toast-live");
  const frame = $("#k-toasts");
  const ICONS = { bad: "alert-triangle", warn: "alert-circle", done: "circle-check", plain: "info-circle" };
  const arm = (toast) => {
    const patience = toast.classList.contains("k-tone-bad") ? 0 : $(".k-toast-undo", toast) ? 10000 : 6000;
    if (patience) {
      let timer = setTimeout(() => toast.remove(), patience);
      const hold = () => clearTimeout(timer);
      toast.addEventListener("mouseenter", hold);
      toast.addEventListener("focusin", hold);
      toast.addEventListener("mouseleave", () => { timer = setTimeout(() => toast.remove(), 3000); });
    }
  };
  const toast = (text, tone = "plain") => {
    if (!live) return;
    const box = document.createElement("div");
    box.className = `k-toast k-tone-${tone}`;
    const sign = document.createElement("i");
    sign.className = `ti ti-${ICONS[tone] || ICONS.plain}`;
    sign.setAttribute("aria-hidden", "true");
    const words = document.createElement("span");
    words.className = "k-toast-text";
    words.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "k-toast-close";
    close.setAttribute("data-toast-close", "");
    close.setAttribute("aria-label", frame.dataset.closeLabel);
    close.innerHTML = '<i class="ti ti-x" aria-hidden="true"></i>';
    box.append(sign, words, close);
    live.append(box);
    arm(box);
  };
  document.querySelectorAll("[data-toast]").forEach(arm);
  document.body.addEventListener("khcn:toast", (event) => toast(event.detail.text, event.detail.tone));
  window.khcn = { toast };

  // Signing out: pages kept for where there is no signal are of the person who leaves; what waits to be sent stays
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("caches" in window) || !form.matches('[data-sign-out]') || form.dataset.forgotten === "yes") return;
    event.preventDefault();
    form.dataset.forgotten = "yes";
    const forget = caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("khcn-")).map((name) => caches.delete(name))));
    forget.catch(() => {}).then(() => form.submit());
  });

  // Confirmation before what is hard to take back
  const dialog = $("#k-confirm");
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    const text = (button && button.dataset.confirm) || form.dataset.confirm;
    if (!text || form.dataset.confirmed === "yes" || !dialog) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const source = button && button.dataset.confirm ? button : form;
    const title = $("#k-confirm-title");
    const yes = $("#k-confirm-yes");
    title.textContent = source.dataset.confirmTitle || title.dataset.default;
    $("#k-confirm-text").textContent = text;
    yes.textContent = source.dataset.confirmButton || yes.dataset.default;
    dialog.returnValue = "no";
    dialog.showModal();
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") { if (button) button.focus(); return; }
      form.dataset.confirmed = "yes";
      form.requestSubmit(button || undefined);
      delete form.dataset.confirmed;
    }, { once: true });
  }, true);
  document.addEventListener("htmx:confirm", (event) => {
    const text = event.target.dataset && event.target.dataset.confirm;
    if (!text || !dialog || event.target.matches("form")) return;
    event.preventDefault();
    $("#k-confirm-title").textContent = event.target.dataset.confirmTitle || $("#k-confirm-title").dataset.default;
    $("#k-confirm-text").textContent = text;
    $("#k-confirm-yes").textContent = event.target.dataset.confirmButton || $("#k-confirm-yes").dataset.default;
    dialog.returnValue = "no";
    dialog.showModal();
    dialog.addEventListener("close", () => { if (dialog.returnValue === "yes") event.detail.issueRequest(true); }, { once: true });
  });

  const addressOf = (row) => row.dataset.href || ($("[data-row-link], a", row) || {}).href || "";

  // Clicks
  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest(selector);
    if (hit("[data-toast-close]")) hit(".k-toast").remove();
    else if (hit("[data-theme-toggle]")) {
      const next = document.documentElement.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
      remembered("khcn.theme", next);
      document.documentElement.setAttribute("data-bs-theme", next);
      document.dispatchEvent(new CustomEvent("khcn:theme"));
    } else if (hit("[data-nav-group]")) {
      const group = hit("[data-nav-group]");
      const open = group.getAttribute("aria-expanded") !== "true";
      group.setAttribute("aria-expanded", String(open));
      remembered(`khcn.nav.${group.dataset.navGroup}`, open ? "" : "closed");
    } else if (hit("[data-keyboard-help]")) $("#k-keyboard-help").showModal();
    else if (hit("[data-back]")) history.back();
    else if (hit("[data-print]")) window.print();
    else if (hit("[data-copy]")) {
      const button = hit("[data-copy]");
      const box = $(button.dataset.copy);
      box.select();
      navigator.clipboard.writeText(box.value).then(() => toast(button.dataset.copied, "done"), () => document.execCommand("copy"));
    } else if (hit("[data-check-all]")) {
      const all = hit("[data-check-all]");
      document.querySelectorAll(`input[name="${all.dataset.checkAll}"]`).forEach((box) => { box.checked = all.checked; });
    } else if (event.target === $("#k-palette") || event.target === dialog || event.target === $("#k-keyboard-help")) event.target.close();
    else {
      const row = hit("tr[data-href], tr[data-row]");
      const address = row && addressOf(row);
      if (address && !hit("a,button,input,select,label,summary") && !String(getSelection())) {
        if (event.ctrlKey || event.metaKey) window.open(address, "_blank", "noopener");
        else location.assign(address);
      }
    }
  });
  document.querySelectorAll("[data-nav-group]").forEach((group) => {
    const here = group.nextElementSibling && $("[aria-current]", group.nextElementSibling);
    if (!here && remembered(`khcn.nav.${group.dataset.navGroup}`) === "closed") group.setAttribute("aria-expanded", "false");
  });

  // Keyboard
  const typing = (target) => target.closest("input,textarea,select,[contenteditable],dialog[open]");
  let waiting = "";
  const rows = () => [...document.querySelectorAll("[data-list] tbody tr[data-href], [data-list] tbody tr[data-row], [data-list] > li[data-href]")];
  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.classList.contains("k-row-picked"));
    const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
    if (now >= 0) all[now].classList.remove("k-row-picked");
    next.classList.add("k-row-picked");
    next.scrollIntoView({ block: "nearest" });
    const link = $("[data-row-link], a", next);
    if (link) link.focus({ preventScroll: true });
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const form = event.target.closest && event.target.closest("form[method=post]");
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest || typing(event.target)) return;
    const key = event.key;
    if (waiting === "g") {
      waiting = "";
      const place = { h: $(".k-brand"), i: $(".k-bell") }[key.toLowerCase()];
      if (place) { event.preventDefault(); place.click(); return; }
    }
    if (key === "?") { event.preventDefault(); const help = $("#k-keyboard-help"); if (help) help.showModal(); }
    else if (key === "/") { const box = $("[data-list-search]"); if (box) { event.preventDefault(); box.focus(); box.select(); } }
    else if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "g") { waiting = "g"; setTimeout(() => { waiting = ""; }, 900); }
    else if (key === "[" || key === "]") { const link = $(key === "[" ? "[data-page-previous]" : "[data-page-next]"); if (link) link.click(); }
    else if (key === "Enter") {
      const row = $(".k-row-picked");
      if (row && !event.target.closest("a,button")) location.assign(addressOf(row));
    }
  });

  // Progress and failures of htmx requests
  const line = $("#k-progress-line");
  let running = 0;
  document.addEventListener("htmx:beforeRequest", () => {
    running += 1;
    setTimeout(() => { if (running && line) line.classList.add("k-running"); }, 180);
  });
  document.addEventListener("htmx:afterRequest", () => {
    running = Math.max(0, running - 1);
    if (!running && line) line.classList.remove("k-running");
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (!event.detail.xhr.getResponseHeader("HX-Trigger")) toast(frame.dataset.errorText, "bad");
  });
  document.addEventListener("htmx:sendError", () => toast(frame.dataset.offlineText, "bad"));
})();
