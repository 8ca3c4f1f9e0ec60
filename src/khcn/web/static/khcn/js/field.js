// Forms where there is no signal (the diary, visits of control): every form goes into a queue on the phone under an id of its own, and from there
// to the server, which takes each id once. Nothing leaves the queue before the server has said that it has it.
(() => {
  const body = document.body;
  const says = body.dataset;
  const $ = (selector, root = document) => root.querySelector(selector);
  const STORE = "records";

  const open = () => new Promise((done, fail) => {
    const asked = indexedDB.open("khcn-nhat-ky", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "record" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  const within = async (mode, act) => {
    const base = await open();
    try {
      return await new Promise((done, fail) => {
        const work = base.transaction(STORE, mode);
        const asked = act(work.objectStore(STORE));
        work.oncomplete = () => done(asked && asked.result);
        work.onerror = work.onabort = () => fail(work.error);
      });
    } finally {
      base.close();
    }
  };
  const all = async () => (await within("readonly", (store) => store.getAll())).filter((one) => one.account === says.account).sort((a, b) => a.at.localeCompare(b.at));
  const keep = (one) => within("readwrite", (store) => store.put(one));
  const forget = (record) => within("readwrite", (store) => store.delete(record));

  const newId = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
  const cookie = (name) => (document.cookie.split("; ").find((one) => one.startsWith(`${name}=`)) || "").slice(name.length + 1);

  // What is still on the phone
  const draw = async () => {
    const box = $("[data-queue]");
    const waiting = await all();
    box.hidden = !waiting.length;
    const list = $("ul", box);
    list.replaceChildren(...waiting.map((one) => {
      const line = document.createElement("li");
      const text = document.createElement("span");
      text.textContent = `${one.title} – ${one.day}${one.kg ? ` – ${one.kg} kg` : ""}`;
      const state = document.createElement("small");
      state.textContent = one.message ? `${says.refused}: ${one.message}` : says.waiting;
      line.append(text, state);
      if (one.message) {
        const drop = document.createElement("button");
        drop.type = "button";
        drop.className = "btn";
        drop.textContent = says.drop;
        drop.addEventListener("click", async () => { if (window.confirm(says.confirmDrop)) { await forget(one.record); draw(); } });
        line.append(drop);
      }
      return line;
    }));
    return waiting;
  };

  // Sending: one after the other, so that what was written first is there first
  const post = async (one) => {
    const hasFiles = one.values.some(([, value]) => value instanceof Blob);
    const form = hasFiles ? new FormData() : new URLSearchParams(one.values);
    if (hasFiles) one.values.forEach(([name, value]) => (value instanceof Blob ? form.append(name, value, value.name || "anh.jpg") : form.append(name, value)));
    const answer = await fetch(one.address, {
      method: "POST", body: form, credentials: "same-origin", redirect: "manual",
      headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") },
    });
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return { state: "login" };
    const isJson = (answer.headers.get("Content-Type") || "").includes("application/json");
    if (!isJson) return { state: answer.status >= 500 ? "later" : "refused", message: `HTTP ${answer.status}` };
    return answer.json();
  };
  let sending = false;
  const send = async (again = false) => {
    if (sending) return;
    sending = true;
    try {
      for (const one of await all()) {
        if (one.message && !again) continue;
        let told;
        try { told = await post(one); } catch { break; }
        if (told.state === "stored" || told.state === "known") await forget(one.record);
        else if (told.state === "refused") await keep({ ...one, message: told.message });
        else { if (told.state === "login") tell(says.login); break; }
      }
    } finally {
      sending = false;
      await draw();
    }
  };
  const tell = (text) => {
    const box = $("[data-told]") || $("[data-net]");
    box.hidden = false;
    box.textContent = text;
  };

  const net = () => { $("[data-net]").textContent = navigator.onLine ? says.online : says.offline; };
  addEventListener("online", () => { net(); send(); });
  addEventListener("offline", net);
  net();
  $("[data-send]").addEventListener("click", () => send(true));

  // A photograph is made small before it is kept: a phone without signal holds many, and a weak line carries them
  const LONGEST = 1600;
  const small = async (file) => {
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      if (scale === 1 && file.size < 600000) return file;
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return made ? new File([made], `${file.name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg" }) : file;
    } catch {
      return file;
    }
  };
  const valuesOf = async (data) => {
    const found = [];
    for (const [name, value] of data.entries()) {
      if (!(value instanceof File)) found.push([name, value]);
      else if (value.size) found.push([name, await small(value)]);
    }
    return found;
  };

  // Where the phone is
  const here = $("[data-here]");
  if (here) {
    here.addEventListener("click", () => {
      const note = $("[data-here-told]");
      const none = () => { note.textContent = says.noPlace; };
      if (!navigator.geolocation) { none(); return; }
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        $("[name=latitude]").value = coords.latitude.toFixed(6);
        $("[name=longitude]").value = coords.longitude.toFixed(6);
        note.textContent = `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)} (±${Math.round(coords.accuracy)} m)`;
      }, none, { enableHighAccuracy: true, timeout: 20000 });
    });
  }

  // A form: kept first, then sent; what the server refuses stays on the page to be mended
  const form = $("[data-record-form]");
  if (form) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = $("button[type=submit]", form);
      if (button.disabled) return;
      button.disabled = true;
      const data = new FormData(form);
      ["csrfmiddlewaretoken", "_once"].forEach((name) => data.delete(name));
      const record = form.dataset.record || newId();
      form.dataset.record = record;
      data.set("record", record);
      data.set("at", form.dataset.at || (form.dataset.at = new Date().toISOString()));
      const one = {
        record, account: says.account, address: form.getAttribute("action") || location.pathname, title: form.dataset.title,
        day: data.get("day") || data.get("done_on"), kg: data.get("kg") || "", at: form.dataset.at, values: await valuesOf(data), message: "",
      };
      try {
        await keep(one);
        let told;
        try { told = await post(one); } catch { told = { state: "kept" }; }
        if (told.state === "refused") {
          await forget(record);
          delete form.dataset.record;
          delete form.dataset.at;
          tell(told.message);
          $("[data-told]").scrollIntoView({ block: "center" });
          return;
        }
        if (told.state === "stored" || told.state === "known") await forget(record);
        sessionStorage.setItem("khcn-told", told.message || (told.state === "login" ? says.login : says.kept));
        location.assign(form.dataset.back);
      } finally {
        button.disabled = false;
      }
    });
  }
  const told = sessionStorage.getItem("khcn-told");
  if (told && !form) {
    sessionStorage.removeItem("khcn-told");
    const note = document.createElement("div");
    note.className = "k-alert k-tone-done";
    note.setAttribute("role", "status");
    note.textContent = told;
    $("main").prepend(note);
  }

  // Scanning the code of a lot, where the browser can; else it is typed
  const scanned = (text) => {
    const code = decodeURIComponent((text.match(/\/10\/([^/?#]+)/) || [null, text])[1]).trim().toUpperCase();
    const box = [...document.querySelectorAll("[data-lot]")].find((one) => one.dataset.lot.toUpperCase() === code);
    const note = $("[data-scan-told]");
    note.textContent = box ? code : `${code}: ${says.noLot}`;
    if (!box) return false;
    document.querySelectorAll(".f-found").forEach((one) => one.classList.remove("f-found"));
    box.closest(".k-field").classList.add("f-found");
    box.scrollIntoView({ block: "center" });
    box.focus();
    return true;
  };
  const typed = $("[data-scan-text]");
  if (typed) typed.addEventListener("change", () => { if (typed.value.trim() && scanned(typed.value)) typed.value = ""; });
  document.querySelectorAll(".k-drop input[type=file]").forEach((input) => {
    const text = input.closest(".k-drop").querySelector("[data-drop-text]");
    input.addEventListener("change", () => { text.textContent = [...input.files].map((file) => file.name).join(", ") || text.dataset.empty; });
  });
  const scan = $("[data-scan]");
  if (scan) {
    scan.addEventListener("click", async () => {
      const video = $("[data-scan-video]");
      if (!("BarcodeDetector" in window) || !navigator.mediaDevices) {
        $("[data-scan-told]").textContent = says.noCamera;
        typed.focus();
        return;
      }
      try {
        const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        const reader = new window.BarcodeDetector({ formats: ["qr_code", "data_matrix"] });
        video.srcObject = stream;
        video.hidden = false;
        await video.play();
        const stop = () => { stream.getTracks().forEach((track) => track.stop()); video.hidden = true; };
        const look = async () => {
          if (video.hidden) return;
          const [found] = await reader.detect(video).catch(() => []);
          if (found) { stop(); scanned(found.rawValue); } else requestAnimationFrame(look);
        };
        look();
      } catch {
        $("[data-scan-told]").textContent = says.noCamera;
        typed.focus();
      }
    });
  }

  if ("serviceWorker" in navigator) {
    // This page and the forms that its buttons lead to are kept before they are needed, once the worker sees requests.
    // Pages that were kept for somebody else are forgotten first.
    const owner = localStorage.getItem("khcn-nhat-ky-cua");
    const forgotten = owner === says.account ? Promise.resolve() : caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("khcn-")).map((name) => caches.delete(name))));
    localStorage.setItem("khcn-nhat-ky-cua", says.account);
    // The worker alone writes: a page that is left while it writes would take away what was kept before.
    const controlled = navigator.serviceWorker.controller ? Promise.resolve() : new Promise((done) => { navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }); });
    const keepPage = async (address) => {
      await forgotten;
      await controlled;
      await fetch(address, { headers: { "X-Khcn-Keep": "yes" } });
    };
    navigator.serviceWorker.register(says.worker, { scope: says.scope }).then(() => {
      if (!navigator.onLine) return;
      const links = [...document.querySelectorAll("a[data-keep]")].map((link) => link.href);
      new Set([location.href.split("#")[0], ...links]).forEach((address) => keepPage(address).catch(() => {}));
    }).catch(() => {});
  }
  draw().then(() => { if (navigator.onLine) send(); });
})();
