// Draws every [data-map] from the JSON beside it: schematic areas and markers, no tiles and no address outside the site.
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const bounds = (points) => points.reduce(
  ([[west, south], [east, north]], [x, y]) => [[Math.min(west, x), Math.min(south, y)], [Math.max(east, x), Math.max(north, y)]],
  [[180, 90], [-180, -90]],
);

const draw = async (figure) => {
  const plot = figure.querySelector(".k-map-plot");
  const { markers, areas } = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  const points = [...markers.map((one) => one.at), ...areas.flatMap((one) => one.ring)];
  if (!points.length) return;
  const maplibre = await import(plot.dataset.style);
  maplibre.setWorkerUrl(plot.dataset.worker);
  const map = new maplibre.Map({
    container: plot,
    attributionControl: false,
    cooperativeGestures: false,
    style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": css("--k-sunken") } }] },
    bounds: bounds(points),
    fitBoundsOptions: { padding: 40, maxZoom: 11 },
  });
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  map.on("load", () => {
    map.addSource("areas", {
      type: "geojson",
      data: {
        type: "FeatureCollection",
        features: areas.map((one) => ({
          type: "Feature",
          properties: { name: one.name, shade: one.shade },
          geometry: { type: "Polygon", coordinates: [[...one.ring, one.ring[0]]] },
        })),
      },
    });
    map.addLayer({ id: "areas", type: "fill", source: "areas", paint: { "fill-color": css("--k-primary"), "fill-opacity": ["+", 0.06, ["*", 0.5, ["get", "shade"]]] } });
    map.addLayer({ id: "edges", type: "line", source: "areas", paint: { "line-color": css("--k-line-strong"), "line-width": 1 } });
  });
  for (const one of markers) {
    const pin = document.createElement(one.address ? "a" : "button");
    if (one.address) pin.href = one.address;
    pin.className = `k-pin k-tone-${one.tone}`;
    pin.setAttribute("aria-label", one.label);
    pin.title = one.label;
    new maplibre.Marker({ element: pin }).setLngLat(one.at).addTo(map);
  }
};

document.querySelectorAll("[data-map]").forEach((figure) => draw(figure));
