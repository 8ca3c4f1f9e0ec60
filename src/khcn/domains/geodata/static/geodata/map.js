// Draws every [data-layer-map] from the JSON beside it: vector tiles of the layer over the own base map; measures and draws.
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const EARTH_M = 6371008.8;
const rad = (degrees) => (degrees * Math.PI) / 180;
const together = new Map();

const distance = ([x1, y1], [x2, y2]) => {
  const a = Math.sin(rad(y2 - y1) / 2) ** 2 + Math.cos(rad(y1)) * Math.cos(rad(y2)) * Math.sin(rad(x2 - x1) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(a));
};
const area = (points) => {
  let sum = 0;
  points.forEach(([x1, y1], place) => {
    const [x2, y2] = points[(place + 1) % points.length];
    sum += rad(x2 - x1) * (2 + Math.sin(rad(y1)) + Math.sin(rad(y2)));
  });
  return Math.abs((sum * EARTH_M * EARTH_M) / 2);
};
const shown = (value, unit) => {
  const [number, name] = unit === "m" ? (value >= 1000 ? [value / 1000, "km"] : [value, "m"]) : value >= 10000 ? [value / 10000, "ha"] : [value, "m²"];
  return `${number.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 })} ${name}`;
};
const collection = (features) => ({ type: "FeatureCollection", features });
const feature = (type, coordinates) => ({ type: "Feature", properties: {}, geometry: { type, coordinates } });

const styleOf = (data) => {
  const here = (template) => new URL(location.origin).origin + template;
  const sources = {
    base: { type: "vector", tiles: [here(data.base)], minzoom: 5, maxzoom: 12 },
    sketch: { type: "geojson", data: collection([]) },
    shown: { type: "geojson", data: data.shown || data.preview || collection([]) },
    change: { type: "geojson", data: data.change || collection([]) },
  };
  const layers = [
    { id: "ground", type: "background", paint: { "background-color": css("--k-sunken") || "#eef1f4" } },
    { id: "units", type: "line", source: "base", "source-layer": "don-vi", paint: { "line-color": css("--k-line-strong") || "#8a94a3", "line-width": 0.8 } },
  ];
  for (const one of data.layers) {
    sources[one.key] = { type: "vector", tiles: [here(one.tiles)], maxzoom: 16 };
    for (const paint of one.paint) layers.push(one.codes ? { ...paint, filter: ["in", ["get", "ma"], ["literal", one.codes]] } : paint);
  }
  const line = (id, source, colour, more = {}) => ({ id, type: "line", source, paint: { "line-color": colour, "line-width": 2.5 }, ...more });
  layers.push(
    line("shown", "shown", "#d55e00"),
    { id: "shown-points", type: "circle", source: "shown", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": "#d55e00", "circle-radius": 6 } },
    line("before", "change", "#d55e00", { filter: ["==", ["get", "side"], "before"] }),
    { id: "after-fill", type: "fill", source: "change", filter: ["all", ["==", ["get", "side"], "after"], ["==", ["geometry-type"], "Polygon"]], paint: { "fill-color": "#009e73", "fill-opacity": 0.3 } },
    line("after", "change", "#009e73", { filter: ["==", ["get", "side"], "after"] }),
    { id: "change-points", type: "circle", source: "change", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": ["match", ["get", "side"], "after", "#009e73", "#d55e00"], "circle-radius": 6 } },
    { id: "sketch-fill", type: "fill", source: "sketch", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#cc79a7", "fill-opacity": 0.25 } },
    line("sketch", "sketch", "#cc79a7"),
    { id: "sketch-points", type: "circle", source: "sketch", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": "#cc79a7", "circle-radius": 5 } },
  );
  return { version: 8, sources, layers };
};

// One sketch per map: for measuring, or for the shape of a form.
const sketching = (map, figure, words) => {
  const field = document.querySelector("textarea[data-shape]");
  const output = figure.querySelector(".g-measured");
  const measure = figure.querySelector("[data-measure]");
  const clear = figure.querySelector("[data-clear]");
  let points = [];
  let mode = "";
  const show = () => {
    const features = points.map((point) => feature("Point", point));
    const kind = mode === "measure" ? "polygon" : field?.dataset.shape;
    if (points.length > 1) features.push(feature("LineString", points));
    if (points.length > 2 && kind === "polygon") features.push(feature("Polygon", [[...points, points[0]]]));
    map.getSource("sketch").setData(collection(features));
    if (clear) clear.hidden = !points.length;
    if (output) {
      const length = points.slice(1).reduce((sum, point, place) => sum + distance(points[place], point), 0);
      output.textContent = points.length < 2 ? (mode ? words.hint : "") : `${words.length}: ${shown(length, "m")}` + (points.length > 2 ? ` · ${words.area}: ${shown(area(points), "m2")}` : "");
    }
    if (mode !== "draw" || !field) return;
    const whole = { point: 1, line: 2, polygon: 3 }[kind];
    if (points.length < whole) return;
    const geometry = { point: ["Point", points.at(-1)], line: ["LineString", points], polygon: ["Polygon", [[...points, points[0]]]] }[kind];
    field.value = JSON.stringify({ type: geometry[0], coordinates: geometry[1] });
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const begin = (next) => {
    mode = next;
    points = [];
    measure?.setAttribute("aria-pressed", String(mode === "measure"));
    map.getCanvas().style.cursor = mode ? "crosshair" : "";
    show();
  };
  measure?.addEventListener("click", () => begin(mode === "measure" ? (field ? "draw" : "") : "measure"));
  clear?.addEventListener("click", () => { points = []; if (mode === "draw" && field) field.value = ""; show(); });
  map.on("click", (event) => {
    if (!mode) return;
    points.push([Number(event.lngLat.lng.toFixed(8)), Number(event.lngLat.lat.toFixed(8))]);
    show();
  });
  map.on("load", () => begin(field ? "draw" : ""));
  return () => mode;
};

const drawMap = async (figure) => {
  const plot = figure.querySelector(".g-plot");
  const data = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  const words = JSON.parse(figure.dataset.words);
  const maplibre = await import(figure.dataset.style);
  maplibre.setWorkerUrl(figure.dataset.worker);
  const map = new maplibre.Map({
    container: plot, attributionControl: false, style: styleOf(data), bounds: data.bounds,
    fitBoundsOptions: { padding: 30, maxZoom: 16 },
  });
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  map.addControl(new maplibre.ScaleControl());
  const mode = sketching(map, figure, words);
  for (const one of data.layers) {
    const ids = one.paint.map((paint) => paint.id);
    map.on("click", (event) => {
      const [found] = map.queryRenderedFeatures(event.point, { layers: ids.filter((id) => map.getLayer(id)) });
      if (!found || mode()) return;
      const box = document.createElement("div");
      const title = document.createElement("strong");
      title.textContent = found.properties.ma;
      const link = document.createElement("a");
      link.href = `${one.page}${encodeURIComponent(found.properties.ma)}/`;
      link.textContent = words.open;
      box.append(title, document.createElement("br"), link);
      new maplibre.Popup().setLngLat(event.lngLat).setDOMContent(box).addTo(map);
      document.querySelectorAll("tr[data-code]").forEach((row) => row.classList.toggle("k-row-picked", row.dataset.code === found.properties.ma));
    });
  }
  if (data.together) {
    const others = together.get(data.together) || [];
    together.set(data.together, [...others, map]);
    let moving = false;
    map.on("move", (event) => {
      if (moving || !event.originalEvent) return;
      for (const other of together.get(data.together)) {
        if (other !== map) other.jumpTo({ center: map.getCenter(), zoom: map.getZoom() });
      }
    });
    map.on("moveend", () => { moving = false; });
  }
  figure.dataset.ready = "";
  map.once("idle", () => { figure.dataset.drawn = ""; });
};

document.querySelectorAll("[data-layer-map]").forEach((figure) => drawMap(figure));
