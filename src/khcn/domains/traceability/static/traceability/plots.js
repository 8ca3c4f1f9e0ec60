// Draws every [data-plot-map] from the JSON beside it: a plot, its neighbours, and the corners of a border that is drawn.
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const EARTH_M = 6371008.8;
const rad = (degrees) => (degrees * Math.PI) / 180;
const areaHa = (points) => {
  const sum = points.reduce((found, [x1, y1], place) => {
    const [x2, y2] = points[(place + 1) % points.length];
    return found + rad(x2 - x1) * (2 + Math.sin(rad(y1)) + Math.sin(rad(y2)));
  }, 0);
  return Math.abs((sum * EARTH_M * EARTH_M) / 2) / 10000;
};
const ringsOf = (geometry) => (geometry.type === "Polygon" ? geometry.coordinates : geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : []);
const collection = (geometries) => ({ type: "FeatureCollection", features: geometries.map((geometry) => ({ type: "Feature", properties: {}, geometry })) });

const draw = async (figure) => {
  const plot = figure.querySelector(".p-plot");
  const { own, others, middle, names = [] } = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  const maplibre = await import(figure.dataset.style);
  maplibre.setWorkerUrl(figure.dataset.worker);
  const shapes = own ? [own] : others.features.map((one) => one.geometry);
  const corners = shapes.flatMap(ringsOf).flat();
  const map = new maplibre.Map({
    container: plot, attributionControl: false, center: middle || [106.9, 11.75], zoom: 13,
    style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": css("--k-sunken") || "#eef1f4" } }] },
  });
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  map.addControl(new maplibre.ScaleControl({ unit: "metric" }));
  if (corners.length) {
    const box = corners.reduce(([[w, s], [e, n]], [x, y]) => [[Math.min(w, x), Math.min(s, y)], [Math.max(e, x), Math.max(n, y)]], [[180, 90], [-180, -90]]);
    map.fitBounds(box, { padding: 40, maxZoom: 17, animate: false });
  }
  await new Promise((ready) => { map.on("load", ready); });
  const layer = (id, data, colour, opacity) => {
    map.addSource(id, { type: "geojson", data });
    map.addLayer({ id, type: "fill", source: id, paint: { "fill-color": colour, "fill-opacity": opacity } });
    map.addLayer({ id: `${id}-edge`, type: "line", source: id, paint: { "line-color": colour, "line-width": 2 } });
  };
  const isNeighbour = own || "drawing" in figure.dataset;
  layer("others", others, (isNeighbour ? css("--k-text-3") : css("--k-primary")) || "#677285", isNeighbour ? 0.15 : 0.25);
  layer("own", collection(own ? [own] : []), css("--k-primary") || "#0b6e4f", 0.3);
  names.forEach(({ code, name, href, at }) => {
    const element = Object.assign(document.createElement("a"), { className: "p-name", href, textContent: code, title: name, ariaLabel: name });
    new maplibre.Marker({ element }).setLngLat(at).addTo(map);
  });
  if ("drawing" in figure.dataset) border(figure, map, maplibre);
};

// A border that is drawn: each press adds a corner, corners are dragged, the text field says the same
const border = (figure, map, maplibre) => {
  const text = document.querySelector("[data-border]");
  const shown = figure.querySelector(".p-area");
  const pins = [];
  map.addSource("sketch", { type: "geojson", data: collection([]) });
  map.addLayer({ id: "sketch", type: "fill", source: "sketch", paint: { "fill-color": "#b45309", "fill-opacity": 0.25 } });
  // Sides as a line of their own: where they cross, the area may be nothing and would not be drawn.
  map.addSource("sketch-sides", { type: "geojson", data: collection([]) });
  map.addLayer({ id: "sketch-edge", type: "line", source: "sketch-sides", paint: { "line-color": "#b45309", "line-width": 2 } });
  const tell = () => {
    const points = pins.map((pin) => pin.getLngLat().toArray());
    const ring = [...points, points[0]];
    map.getSource("sketch").setData(collection(points.length > 2 ? [{ type: "Polygon", coordinates: [ring] }] : []));
    map.getSource("sketch-sides").setData(collection(points.length > 1 ? [{ type: "LineString", coordinates: ring }] : []));
    shown.textContent = points.length > 2 ? `${areaHa(points).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 4 })} ha` : "";
    text.value = points.length > 2 ? JSON.stringify({ type: "Polygon", coordinates: [ring.map(([x, y]) => [Number(x.toFixed(7)), Number(y.toFixed(7))])] }) : "";
  };
  const add = (place) => {
    const element = document.createElement("div");
    element.className = "p-corner";
    const pin = new maplibre.Marker({ element, draggable: true }).setLngLat(place).addTo(map);
    pin.on("drag", tell);
    pins.push(pin);
    tell();
  };
  // A form that came back keeps what was drawn.
  const kept = text.value.trim().startsWith("{") ? ringsOf(JSON.parse(text.value))[0].slice(0, -1) : [];
  kept.forEach((place) => add(place));
  if (kept.length) map.fitBounds(kept.reduce((box, place) => box.extend(place), new maplibre.LngLatBounds(kept[0], kept[0])), { padding: 60, maxZoom: 17, animate: false });
  map.getCanvas().style.cursor = "crosshair";
  map.on("click", (event) => add(event.lngLat));
  figure.querySelector("[data-undo]").addEventListener("click", () => { const pin = pins.pop(); if (pin) pin.remove(); tell(); });
  figure.querySelector("[data-clear]").addEventListener("click", () => { pins.splice(0).forEach((pin) => pin.remove()); tell(); });
  figure.querySelector("[data-here]").addEventListener("click", () => {
    if (navigator.geolocation) navigator.geolocation.getCurrentPosition(({ coords }) => map.jumpTo({ center: [coords.longitude, coords.latitude], zoom: 17 }), () => {}, { enableHighAccuracy: true });
  });
};

document.querySelectorAll("[data-plot-map]").forEach((figure) => draw(figure));
