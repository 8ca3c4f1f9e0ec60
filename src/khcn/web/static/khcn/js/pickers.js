// Pickers: the box offers records that fit what one types; arrows and Enter choose, Escape closes.
(() => {
  const dress = (picker) => {
    if (picker.dataset.dressed) return;
    picker.dataset.dressed = "yes";
    const box = picker.querySelector("input[type=text]");
    const list = picker.querySelector("[role=listbox]");
    const status = picker.querySelector("[role=status]");
    let timer = 0;
    let asked = 0;
    list.id = `${box.id || box.name}_list`.replace(/\W/g, "_") + Math.random().toString(36).slice(2, 7);
    list.setAttribute("aria-label", box.getAttribute("aria-label") || (box.labels && box.labels[0] ? box.labels[0].textContent.trim() : ""));
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-expanded", "false");
    const kept = () => picker.querySelector("input[type=hidden]");
    const offered = () => [...list.children];
    const current = () => offered().findIndex((line) => line.getAttribute("aria-selected") === "true");
    const close = () => {
      list.hidden = true;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    };
    const mark = (index) => {
      offered().forEach((line, at) => line.setAttribute("aria-selected", String(at === index)));
      const line = offered()[index];
      if (!line) return;
      box.setAttribute("aria-activedescendant", line.id);
      line.scrollIntoView({ block: "nearest" });
    };
    const keep = (value) => {
      let hidden = kept();
      if (!hidden) {
        // The list that came back from the server gives way to what is typed anew.
        const select = picker.querySelector("select");
        hidden = document.createElement("input");
        hidden.type = "hidden";
        hidden.name = select.name;
        select.replaceWith(hidden);
      }
      hidden.value = value;
    };
    const choose = (line) => {
      keep(line.dataset.value);
      box.value = line.dataset.text;
      close();
      box.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const show = (found) => {
      list.replaceChildren(...found.map((one, at) => {
        const line = document.createElement("li");
        line.id = `${list.id}_${at}`;
        line.setAttribute("role", "option");
        line.setAttribute("aria-selected", "false");
        line.dataset.value = one.value;
        line.dataset.text = one.text;
        line.append(one.text);
        if (one.detail) {
          const small = document.createElement("small");
          small.textContent = one.detail;
          line.append(small);
        }
        return line;
      }));
      list.hidden = found.length === 0;
      box.setAttribute("aria-expanded", String(found.length > 0));
      status.textContent = found.length ? picker.dataset.some.replace("{n}", found.length) : picker.dataset.none;
      if (found.length) mark(0);
    };
    const ask = async () => {
      const mine = ++asked;
      const text = box.value.trim();
      if (!text) { close(); return; }
      try {
        const answer = await fetch(`${picker.dataset.picker}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
        if (!answer.ok || mine !== asked) return;
        const told = await answer.json();
        if (document.activeElement === box) show(told.found);
      } catch { close(); }
    };
    box.addEventListener("input", () => {
      keep("");
      clearTimeout(timer);
      timer = setTimeout(ask, 200);
    });
    box.addEventListener("keydown", (event) => {
      if (list.hidden) { if (event.key === "ArrowDown") { event.preventDefault(); ask(); } return; }
      const all = offered();
      if (event.key === "ArrowDown") { event.preventDefault(); mark(Math.min(current() + 1, all.length - 1)); }
      else if (event.key === "ArrowUp") { event.preventDefault(); mark(Math.max(current() - 1, 0)); }
      else if (event.key === "Enter") { event.preventDefault(); if (all[current()]) choose(all[current()]); }
      else if (event.key === "Escape") { event.stopPropagation(); close(); }
    });
    box.addEventListener("blur", () => setTimeout(close, 150));
    list.addEventListener("pointerdown", (event) => {
      const line = event.target.closest("[role=option]");
      if (line) { event.preventDefault(); choose(line); }
    });
  };
  // A table whose rows grow: the last row is the pattern, emptied.
  const grow = (table) => {
    const button = document.querySelector(`[data-add-row="${table.dataset.rows}"]`);
    if (!button || button.dataset.dressed) return;
    button.dataset.dressed = "yes";
    button.hidden = false;
    button.addEventListener("click", () => {
      const body = table.querySelector("tbody");
      const row = body.lastElementChild.cloneNode(true);
      const number = body.children.length + 1;
      row.querySelectorAll("[data-dressed]").forEach((one) => delete one.dataset.dressed);
      row.querySelectorAll(".k-picker-list").forEach((one) => { one.replaceChildren(); one.hidden = true; });
      row.querySelectorAll("input, textarea").forEach((one) => { one.value = ""; });
      row.querySelectorAll("select").forEach((one) => { one.selectedIndex = 0; });
      row.querySelectorAll("[aria-label]").forEach((one) => {
        one.setAttribute("aria-label", one.getAttribute("aria-label").replace(/\d+$/, String(number)));
      });
      row.querySelectorAll("[id]").forEach((one) => one.removeAttribute("id"));
      row.querySelectorAll(".is-invalid").forEach((one) => one.classList.remove("is-invalid"));
      body.append(row);
      start(row);
      const first = row.querySelector("input:not([type=hidden]), select, textarea");
      if (first) first.focus();
    });
  };
  const start = (root) => {
    if (root.matches && root.matches("[data-picker]")) dress(root);
    root.querySelectorAll("[data-picker]").forEach(dress);
    root.querySelectorAll("[data-rows]").forEach(grow);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => start(document));
  else start(document);
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) start(event.target); });
  document.addEventListener("htmx:oobAfterSwap", (event) => start(event.target));
})();
