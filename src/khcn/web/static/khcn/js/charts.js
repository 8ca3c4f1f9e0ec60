// Draws every [data-chart]: the option comes from a JSON script beside it, colours from the page's theme.
(() => {
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const PALETTE = () => ["--k-chart-1", "--k-chart-2", "--k-chart-3", "--k-chart-4", "--k-chart-5", "--k-chart-6"].map(css);
  const ENGLISH = document.documentElement.lang === "en";
  const LOCALE = ENGLISH ? "en-GB" : "vi-VN";
  const [BILLION, MILLION] = ENGLISH ? ["bn", "m"] : ["tỷ", "tr"];
  const number = (value, unit) => {
    if (value === null || value === undefined) return "–";
    return `${new Intl.NumberFormat(LOCALE).format(value)}${unit ? ` ${unit}` : ""}`;
  };
  const short = (value, unit) => {
    if (unit !== "đồng") return number(value);
    if (Math.abs(value) >= 1e9) return `${number(value / 1e9)} ${BILLION}`;
    if (Math.abs(value) >= 1e6) return `${number(value / 1e6)} ${MILLION}`;
    return number(value);
  };
  // How many lines the names need above the drawing: a mark of 12 pixels with its room, and about 5.6 for each letter.
  const legendRows = (names, wide) => names.reduce(([rows, used], name) => {
    const need = 24 + 5.6 * name.length;
    return used && used + need > wide ? [rows + 1, need] : [rows, used + need];
  }, [1, 0])[0];
  const dressed = (option, wide) => {
    const text = css("--k-text-2");
    const line = css("--k-line");
    const unit = option.unit || "";
    const tone = (name) => (name ? css(`--k-${name}`) : undefined);
    const counts = option.series.every((one) => one.type !== "pie" && one.data.every((value) => value === null || Number.isInteger(value)));
    const axis = (one) => one && {
      ...one,
      ...(one.type === "value" && counts ? { minInterval: 1 } : {}),
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
      splitLine: { show: one.type === "value", lineStyle: { color: line } },
      axisLabel: { color: text, hideOverlap: true, ...(one.type === "category" && one.inverse ? { width: Math.min(220, wide * 0.4), overflow: "break", lineHeight: 15 } : {}), formatter: one.type === "value" ? (value) => short(value, unit) : undefined },
    };
    const series = option.series.map((one) => ({
      barMaxWidth: 34, smooth: false, symbolSize: 7, emphasis: { focus: "series" },
      ...one,
      itemStyle: one.tone ? { color: tone(one.tone) } : one.type === "pie" ? { borderColor: css("--k-surface"), borderWidth: 2 } : undefined,
      label: one.type === "pie" ? { show: false } : undefined,
      center: one.type === "pie" ? ["50%", "56%"] : undefined,
      data: one.type === "pie" ? one.data.map((part) => ({ ...part, itemStyle: part.tone ? { color: tone(part.tone) } : undefined })) : one.data,
    }));
    const many = option.series.length > 1 || option.series[0].type === "pie";
    const top = many ? 16 + 24 * legendRows(option.series.map((one) => one.name || ""), wide) : 16;
    return {
      color: PALETTE(),
      textStyle: { fontFamily: "Be Vietnam Pro, sans-serif" },
      animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 350,
      grid: { left: 8, right: 16, top, bottom: 8, containLabel: true },
      legend: many ? { top: 0, left: 0, textStyle: { color: text }, itemWidth: 12, itemHeight: 12, icon: "roundRect" } : undefined,
      tooltip: { renderMode: "richText", trigger: option.series[0].type === "pie" ? "item" : "axis", axisPointer: { type: "shadow" }, valueFormatter: (value) => number(value, unit) },
      xAxis: axis(option.xAxis),
      yAxis: axis(option.yAxis),
      series,
    };
  };
  const draw = (figure) => {
    const plot = figure.querySelector(".k-chart-plot");
    const source = figure.querySelector('script[type="application/json"]');
    if (!plot || !source || !window.echarts) return;
    const old = window.echarts.getInstanceByDom(plot);
    if (old) old.dispose();
    const chart = window.echarts.init(plot, null, { renderer: "svg" });
    chart.setOption(dressed(JSON.parse(source.textContent), plot.clientWidth));
    if (!plot.dataset.watched) {
      plot.dataset.watched = "yes";
      new ResizeObserver(() => { const now = window.echarts.getInstanceByDom(plot); if (now) now.resize(); }).observe(plot);
    }
  };
  const drawAll = (root = document) => root.querySelectorAll("[data-chart]").forEach(draw);
  drawAll();
  document.addEventListener("khcn:theme", () => drawAll());
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) drawAll(event.target.parentElement || document); });
})();
