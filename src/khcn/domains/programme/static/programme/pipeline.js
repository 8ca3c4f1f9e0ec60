// Drafts that keep themselves, selects that follow another select, and lists of lines that grow.
(() => {
  const WAIT = 3000;

  const keep = (form) => {
    const told = document.querySelector("[data-autosave-told]");
    let timer = 0;
    let sending = false;
    let again = false;
    const say = (text, bad) => {
      if (!told) return;
      told.textContent = text;
      told.classList.toggle("k-words-bad", Boolean(bad));
    };
    const send = async () => {
      if (form.dataset.sent === "yes") return;
      if (sending) { again = true; return; }
      sending = true;
      say(form.dataset.saving);
      try {
        const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
        const kept = await answer.json();
        if (answer.ok) {
          const version = form.querySelector("input[name=version]");
          if (version) version.value = kept.version;
          say(kept.told);
        } else say(kept.problem, true);
      } catch { say(form.dataset.offline, true); }
      sending = false;
      if (again) { again = false; later(); }
    };
    const later = () => { clearTimeout(timer); timer = setTimeout(send, WAIT); };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", () => clearTimeout(timer));
  };

  const follow = (child) => {
    const parent = child.form.elements[child.dataset.childOf];
    if (!parent) return;
    const all = [...child.options];
    const narrow = () => {
      const chosen = child.value;
      child.replaceChildren(...all.filter((option) => !option.value || option.dataset.parent === parent.value));
      child.value = [...child.options].some((option) => option.value === chosen) ? chosen : "";
      child.dispatchEvent(new Event("narrowed"));
    };
    parent.addEventListener("change", narrow);
    parent.addEventListener("narrowed", narrow);
    narrow();
  };

  // Of a line's reckoning only what its way of reckoning asks for is shown.
  const reckon = (box) => {
    const basis = box.querySelector("select[name$=-basis]");
    if (!basis) return;
    box.querySelectorAll("[data-bases]").forEach((field) => {
      field.hidden = !field.dataset.bases.split(" ").includes(basis.value);
    });
  };
  // What only some kinds of spending ask for is shown with them alone.
  const sortKinds = (line) => {
    const kind = line.querySelector("select[name$=-kind]");
    if (!kind) return;
    line.querySelectorAll("[data-kinds]").forEach((field) => {
      field.hidden = !field.dataset.kinds.split(" ").includes(kind.value);
    });
  };
  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-reckoning]");
    if (box) reckon(box);
    const line = event.target.closest("[data-line]");
    if (line) sortKinds(line);
  });

  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-line]");
    if (add) {
      const part = add.dataset.addLine;
      const total = document.querySelector(`input[name="${part}-TOTAL_FORMS"]`);
      const pattern = document.querySelector(`template[data-line-of="${part}"]`);
      const list = document.querySelector(`[data-lines="${part}"]`);
      const holder = document.createElement("div");
      holder.innerHTML = pattern.innerHTML.replaceAll("__prefix__", total.value);
      total.value = String(Number(total.value) + 1);
      const line = holder.firstElementChild;
      list.append(line);
      line.querySelectorAll("[data-reckoning]").forEach(reckon);
      sortKinds(line);
      const first = line.querySelector("input:not([type=hidden]),select");
      if (first) first.focus();
      return;
    }
    const drop = event.target.closest("[data-drop-line]");
    if (drop) {
      const line = drop.closest("[data-line]");
      line.querySelector("input[name$=-DELETE]").checked = true;
      line.hidden = true;
      line.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("form[data-autosave]").forEach(keep);
    document.querySelectorAll("select[data-child-of]").forEach(follow);
    document.querySelectorAll("[data-reckoning]").forEach(reckon);
    document.querySelectorAll("[data-line]").forEach(sortKinds);
  });
})();
