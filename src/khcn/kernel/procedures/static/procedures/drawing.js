// Shows and edits BPMN drawings with bpmn-js: a viewer coloured by the state of a case, a modeler that saves.
(() => {
  "use strict";
  const CLASSES = { done: "done", ready: "open", claimed: "open", pending: "open", returned: "returned", cancelled: "cancelled" };
  const SMALLEST = 0.5;

  // Whole drawings are shown whole where they can be read, else from their beginning at a size that can.
  const fit = (box, canvas) => {
    const viewbox = canvas.viewbox();
    const { inner } = viewbox;
    if (!inner.width) return;
    if (box.dataset.drawing === "viewer") {
      const scale = Math.min(1, Math.max(SMALLEST, (box.clientWidth - 40) / inner.width));
      box.style.height = `${Math.round(Math.min(520, Math.max(180, inner.height * scale + 110)))}px`;
      canvas.resized();
    }
    canvas.zoom("fit-viewport", "auto");
    const scale = canvas.zoom();
    if (scale < SMALLEST) {
      const height = box.clientHeight / SMALLEST;
      canvas.viewbox({
        x: inner.x - 20, y: inner.y + inner.height / 2 - height / 2, width: box.clientWidth / SMALLEST, height,
      });
    } else if (scale > 1) canvas.zoom(1, "auto");
  };

  const tools = (box, drawing) => {
    const canvas = drawing.get("canvas");
    const place = box.closest(".card-body, main");
    place.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
      if (button.dataset.zoom === "fit") fit(box, canvas);
      else drawing.get("zoomScroll").stepZoom(button.dataset.zoom === "in" ? 1 : -1);
    }));
  };

  async function show(box) {
    const modeler = box.dataset.drawing === "modeler";
    const response = await fetch(box.dataset.src, { headers: { Accept: "application/xml" } });
    const modules = [];
    if (window.KhcnDrawingWords) modules.push({ translate: ["value", window.KhcnDrawingWords] });
    // Over a drawing that is only read, the wheel scrolls the page; buttons zoom.
    const drawing = new window.BpmnJS({ container: box, additionalModules: modules, zoomScroll: { enabled: modeler } });
    await drawing.importXML(await response.text());
    const canvas = drawing.get("canvas");
    const source = box.dataset.marks && document.getElementById(box.dataset.marks);
    if (source) {
      const registry = drawing.get("elementRegistry");
      for (const [step, state] of Object.entries(JSON.parse(source.textContent))) {
        if (registry.get(step) && CLASSES[state]) canvas.addMarker(step, `k-run-${CLASSES[state]}`);
      }
    }
    if (modeler) edit(box, drawing);
    fit(box, canvas);
    // What is drawn first goes on to the right of its start.
    if (modeler && !drawing.get("commandStack").canUndo() && canvas.getRootElement().children.length === 1) {
      canvas.scroll({ dx: 150 - box.clientWidth / 2, dy: 0 });
    }
    let width = box.clientWidth;
    new ResizeObserver(() => {
      if (box.clientWidth === width) return;
      width = box.clientWidth;
      fit(box, canvas);
    }).observe(box);
    tools(box, drawing);
    box.dataset.shown = "yes";
  }

  function edit(box, drawing) {
    const status = document.querySelector("[data-drawing-status]");
    const faults = document.querySelector("[data-drawing-faults]");
    const remarks = document.querySelector("[data-drawing-remarks]");
    const stack = drawing.get("commandStack");
    const canvas = drawing.get("canvas");
    const registry = drawing.get("elementRegistry");
    let unsaved = false;
    if (!canvas.getRootElement().children.length) {
      // An empty draft begins with its first shape.
      const start = drawing.get("elementFactory").createShape({ type: "bpmn:StartEvent" });
      drawing.get("modeling").createShape(start, { x: 180, y: 200 }, canvas.getRootElement());
      stack.clear();
    }
    drawing.on("commandStack.changed", () => { unsaved = stack.canUndo(); status.textContent = unsaved ? status.dataset.unsaved : ""; });
    window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
    document.querySelector("[data-drawing-undo]").addEventListener("click", () => { if (stack.canUndo()) stack.undo(); });
    document.querySelector("[data-drawing-redo]").addEventListener("click", () => { if (stack.canRedo()) stack.redo(); });
    if (window.KhcnDrawPanel) window.KhcnDrawPanel(drawing, document.querySelector("[data-draw-panel]"));
    const tell = (obstacles) => {
      registry.forEach((element) => canvas.removeMarker(element, "k-run-fault"));
      remarks.replaceChildren(...obstacles.map((one) => {
        const line = document.createElement("li");
        line.className = "k-line";
        const text = document.createElement("span");
        text.className = "k-line-text";
        const name = document.createElement("strong");
        name.textContent = one.name || one.node || "";
        text.append(name, name.textContent ? ": " : "", one.reason);
        line.append(text);
        if (registry.get(one.node)) {
          canvas.addMarker(one.node, "k-run-fault");
          line.tabIndex = 0;
          const go = () => drawing.get("selection").select(registry.get(one.node));
          line.addEventListener("click", go);
          line.addEventListener("keydown", (event) => { if (event.key === "Enter") go(); });
        }
        return line;
      }));
      faults.hidden = obstacles.length === 0;
    };
    document.querySelector("[data-drawing-save]").addEventListener("click", async () => {
      status.textContent = status.dataset.saving;
      let answer = {};
      try {
        const { xml } = await drawing.saveXML({ format: true });
        const response = await fetch(box.dataset.save, {
          method: "POST", body: xml,
          headers: {
            "Content-Type": "application/xml", "X-Khcn-Version": box.dataset.version,
            "X-CSRFToken": document.querySelector("input[name=csrfmiddlewaretoken]").value,
          },
        });
        if ((response.headers.get("Content-Type") || "").includes("json")) answer = await response.json();
      } catch { answer = {}; }
      if (!answer.saved) { status.textContent = answer.message || status.dataset.failed; return; }
      unsaved = false;
      box.dataset.version = answer.version;
      status.textContent = answer.obstacles.length ? status.dataset.saved : status.dataset.runs;
      tell(answer.obstacles);
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-drawing]")) show(box);
  });
})();
