// Draws the trace of a lot: things in layers from what they came from to what they went into; each can be dragged.
(() => {
  const plot = document.querySelector("[data-trace]");
  const source = document.getElementById("trace-data");
  if (!plot || !source || !window.echarts) return;
  const { nodes, links } = JSON.parse(source.textContent);
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const rows = {};
  nodes.forEach((node) => { rows[node.layer] = (rows[node.layer] || 0) + 1; });
  const draw = () => {
    const old = window.echarts.getInstanceByDom(plot);
    if (old) old.dispose();
    const chart = window.echarts.init(plot, null, { renderer: "svg" });
    const text = css("--k-text") || css("--tblr-body-color") || "#1b1b1b";
    chart.setOption({
      animation: false,
      tooltip: { renderMode: "richText", formatter: (one) => (one.dataType === "edge" ? "" : [one.data.title, one.data.party, one.data.kg ? `${one.data.kg} kg` : ""].filter(Boolean).join("\n")) },
      series: [{
        type: "graph", layout: "none", preserveAspect: "contain", roam: true, draggable: true, edgeSymbol: ["none", "arrow"], edgeSymbolSize: 8,
        left: 60, right: 60, top: 30, bottom: 40,
        label: { show: true, position: "bottom", color: text, fontSize: 11, width: 130, overflow: "truncate" },
        data: nodes.map((node) => ({
          name: node.id, title: node.name, party: node.party, kg: node.kg, address: node.address,
          x: node.layer * 200, y: (node.row - (rows[node.layer] - 1) / 2) * 80,
          symbol: node.start ? "diamond" : "circle", symbolSize: node.start ? 34 : 22,
          label: { formatter: node.name },
          itemStyle: { color: node.start ? "#b26a00" : "#0b6e4f", opacity: node.certain ? 1 : 0.6, borderColor: text, borderWidth: node.certain ? 0 : 1, borderType: "dashed" },
        })),
        links: links.map((link) => ({ ...link, lineStyle: { type: link.certain ? "solid" : "dashed", color: text, opacity: 0.6 } })),
      }],
    });
    chart.on("click", (one) => { if (one.data && one.data.address) location.assign(one.data.address); });
    if (!plot.dataset.watched) {
      plot.dataset.watched = "yes";
      new ResizeObserver(() => { const now = window.echarts.getInstanceByDom(plot); if (now) now.resize(); }).observe(plot);
    }
  };
  draw();
  document.addEventListener("khcn:theme", draw);
})();
