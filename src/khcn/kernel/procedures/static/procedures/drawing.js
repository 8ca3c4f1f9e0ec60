// Shows and edits BPMN drawings with bpmn-js: a viewer coloured by the state of a case, a modeler that saves.
(() => {
  "use strict";
  const CLASSES = { done: "done", ready: "open", claimed: "open", pending: "open", returned: "returned", cancelled: "cancelled" };

  async function show(box) {
    const response = await fetch(box.dataset.src, { headers: { Accept: "application/xml" } });
    const drawing = new window.BpmnJS({ container: box });
    await drawing.importXML(await response.text());
    const canvas = drawing.get("canvas");
    canvas.zoom("fit-viewport", "auto");
    const source = box.dataset.marks && document.getElementById(box.dataset.marks);
    if (source) {
      const registry = drawing.get("elementRegistry");
      for (const [step, state] of Object.entries(JSON.parse(source.textContent))) {
        if (registry.get(step) && CLASSES[state]) canvas.addMarker(step, `k-run-${CLASSES[state]}`);
      }
    }
    if (box.dataset.drawing === "modeler") edit(box, drawing);
  }

  function edit(box, drawing) {
    const status = document.querySelector("[data-drawing-status]");
    const remarks = document.querySelector("[data-drawing-remarks]");
    let unsaved = false;
    drawing.on("commandStack.changed", () => { unsaved = true; status.textContent = status.dataset.unsaved; });
    window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
    document.querySelector("[data-drawing-save]").addEventListener("click", async () => {
      status.textContent = status.dataset.saving;
      const { xml } = await drawing.saveXML({ format: true });
      const response = await fetch(box.dataset.save, {
        method: "POST", body: xml,
        headers: {
          "Content-Type": "application/xml", "X-Khcn-Version": box.dataset.version,
          "X-CSRFToken": document.querySelector("input[name=csrfmiddlewaretoken]").value,
        },
      });
      const answer = (response.headers.get("Content-Type") || "").includes("json") ? await response.json() : {};
      remarks.replaceChildren();
      if (!answer.saved) { status.textContent = answer.message || status.dataset.failed; return; }
      unsaved = false;
      box.dataset.version = answer.version;
      status.textContent = status.dataset.saved;
      for (const one of answer.obstacles) {
        const line = document.createElement("li");
        line.className = "k-line";
        line.textContent = `${one.name || one.node}: ${one.reason}`;
        remarks.append(line);
      }
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-drawing]")) show(box);
  });
})();
