// The panel beside a drawing: what the engine needs of a step or of a way, kept in the drawing's own extension.
(() => {
  "use strict";
  const SPACE = "urn:khcn:procedure:1";
  const TASKS = /^bpmn:(Task|UserTask|ManualTask|CallActivity)$/;
  const BRANCHES = /^bpmn:(ExclusiveGateway|InclusiveGateway)$/;
  const OWN = ["role", "unit_rule", "norm", "norm_unit", "form", "output", "sign", "clock", "kind"];
  const DEFAULTS = { unit_rule: "deciding", norm_unit: "WH", sign: "none", clock: "run", kind: "human" };

  window.KhcnDrawPanel = (drawing, panel) => {
    const modeling = drawing.get("modeling");
    const moddle = drawing.get("moddle");
    const registry = drawing.get("elementRegistry");
    const none = panel.querySelector("[data-panel-none]");
    const stepForm = panel.querySelector("[data-panel-step]");
    const flowForm = panel.querySelector("[data-panel-flow]");
    const work = panel.querySelector("[data-panel-work]");
    const branch = panel.querySelector("[data-panel-branch]");
    const returns = panel.querySelector("[data-panel-returns]");
    let current = null;

    const isStep = (element) => element && !element.waypoints && element.type !== "label" && /Task|Event|Gateway|SubProcess|CallActivity/.test(element.type);
    const own = (element) => {
      const holder = element.businessObject.extensionElements;
      const found = holder && (holder.values || []).find((one) => one.$type === "khcn:step");
      return found ? Object.fromEntries(Object.entries({ ...found.$attrs, ...found }).filter(([name, value]) => typeof value === "string" && !name.startsWith("$"))) : {};
    };
    const keep = (element, values) => {
      const holder = element.businessObject.extensionElements;
      const others = holder ? (holder.values || []).filter((one) => one.$type !== "khcn:step") : [];
      const said = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
      const made = moddle.create("bpmn:ExtensionElements", { values: [...others, moddle.createAny("khcn:step", SPACE, said)] });
      made.$parent = element.businessObject;
      modeling.updateProperties(element, { extensionElements: made });
    };

    const fillReturns = (element, chosen) => {
      const steps = registry.filter((one) => TASKS.test(one.type) && one !== element && one.type !== "label");
      returns.replaceChildren(...steps.map((one) => {
        const label = document.createElement("label");
        label.className = "form-check";
        const box = document.createElement("input");
        box.type = "checkbox";
        box.className = "form-check-input";
        box.name = "returns_to";
        box.value = one.id;
        box.checked = chosen.includes(one.id);
        const text = document.createElement("span");
        text.className = "form-check-label";
        text.textContent = one.businessObject.name || one.id;
        label.append(box, text);
        return label;
      }));
    };
    const show = (element) => {
      current = element && element.type === "label" ? element.labelTarget : element;
      const step = isStep(current);
      const flow = current && current.type === "bpmn:SequenceFlow";
      none.hidden = Boolean(step || flow);
      stepForm.hidden = !step;
      flowForm.hidden = !flow;
      if (step) {
        const values = { ...DEFAULTS, ...own(current) };
        stepForm.elements.name.value = current.businessObject.name || "";
        work.hidden = !TASKS.test(current.type);
        for (const name of OWN) stepForm.elements[name].value = (values[name] || "").replace(".", name === "norm" ? "," : ".");
        fillReturns(current, (values.returns_to || "").split(" ").filter(Boolean));
      } else if (flow) {
        const { businessObject } = current;
        flowForm.elements.name.value = businessObject.name || "";
        flowForm.elements.condition.value = businessObject.conditionExpression ? businessObject.conditionExpression.body || "" : "";
        flowForm.elements.is_default.checked = current.source.businessObject.default === businessObject;
        branch.hidden = !BRANCHES.test(current.source.type) && current.source.outgoing.length < 2;
      }
    };
    drawing.on("selection.changed", ({ newSelection }) => show(newSelection.length === 1 ? newSelection[0] : null));
    drawing.on("element.changed", ({ element }) => {
      if (element === current && !panel.contains(document.activeElement)) show(element);
    });
    drawing.on("shape.removed", ({ element }) => { if (element === current) show(null); });

    stepForm.addEventListener("change", (event) => {
      if (!current) return;
      const { name, value } = event.target;
      if (name === "name") { modeling.updateLabel(current, value.trim()); return; }
      const values = { ...own(current) };
      if (name === "returns_to") values.returns_to = [...returns.querySelectorAll("input:checked")].map((box) => box.value).join(" ");
      else values[name] = name === "norm" ? value.trim().replace(",", ".") : value.trim();
      if (values.norm && !values.norm_unit) values.norm_unit = stepForm.elements.norm_unit.value;
      if (!values.kind && TASKS.test(current.type)) values.kind = "human";
      keep(current, values);
    });
    flowForm.addEventListener("change", (event) => {
      if (!current) return;
      const { name } = event.target;
      if (name === "name") modeling.updateLabel(current, event.target.value.trim());
      else if (name === "condition") {
        const body = event.target.value.trim();
        modeling.updateProperties(current, { conditionExpression: body ? moddle.create("bpmn:FormalExpression", { body }) : undefined });
      } else {
        modeling.updateProperties(current.source, { default: event.target.checked ? current.businessObject : undefined });
        if (event.target.checked) modeling.updateProperties(current, { conditionExpression: undefined });
      }
    });
    [stepForm, flowForm].forEach((form) => form.addEventListener("submit", (event) => event.preventDefault()));
    // Delete and Ctrl Z typed in the panel are the panel's own.
    panel.addEventListener("keydown", (event) => event.stopPropagation());
  };
})();
