// Walking around a plot: the phone's positions become corners, kept in the form, which field.js keeps on the phone.
(() => {
  const form = document.querySelector("[data-walk]");
  if (!form) return;
  const $ = (name) => form.querySelector(`[data-walk-${name}]`);
  const says = form.dataset;
  const corners = [];
  let near = [];
  let watch = null;
  const EARTH_M = 6371008.8;
  const rad = (degrees) => (degrees * Math.PI) / 180;
  const area = () => {
    const sum = corners.reduce((found, [x1, y1], place) => {
      const [x2, y2] = corners[(place + 1) % corners.length];
      return found + rad(x2 - x1) * (2 + Math.sin(rad(y1)) + Math.sin(rad(y2)));
    }, 0);
    return Math.abs((sum * EARTH_M * EARTH_M) / 2) / 10000;
  };
  const sketch = () => {
    const xs = corners.map(([x]) => x);
    const ys = corners.map(([, y]) => y);
    const middle = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
    const narrow = Math.cos(rad(middle[1] || 0));
    const span = Math.max((Math.max(...xs) - Math.min(...xs)) * narrow / 280, (Math.max(...ys) - Math.min(...ys)) / 200, 1e-9);
    $("sketch").firstElementChild.setAttribute("points", corners.map(([x, y]) => `${150 + ((x - middle[0]) * narrow) / span},${110 - (y - middle[1]) / span}`).join(" "));
  };
  const tell = (text) => {
    const last = near.at(-1);
    const size = corners.length > 2 ? ` · ${area().toLocaleString("vi", { maximumFractionDigits: 3 })} ha` : "";
    $("state").textContent = text || `${corners.length} ${says.corners}${size}${last ? ` · ± ${Math.round(last[2])} m` : ""}`;
    form.elements.points.value = corners.length > 2 ? JSON.stringify(corners) : "";
    $("undo").disabled = !corners.length;
    if (corners.length) sketch();
  };
  // A corner is the mean of what the phone said in the last seconds, weighed by how sure it was
  const mean = () => {
    const weight = near.reduce((sum, [, , accuracy]) => sum + 1 / (accuracy * accuracy), 0);
    const of = (place) => near.reduce((sum, one) => sum + one[place] / (one[2] * one[2]), 0) / weight;
    return [Number(of(0).toFixed(7)), Number(of(1).toFixed(7)), Number(Math.min(...near.map((one) => one[2])).toFixed(1))];
  };
  $("start").addEventListener("click", () => {
    if (!navigator.geolocation) { tell(says.noGps); return; }
    if (watch !== null) navigator.geolocation.clearWatch(watch);
    watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        near = [...near, [coords.longitude, coords.latitude, Math.max(coords.accuracy, 0.5), Date.now()]].filter((one) => Date.now() - one[3] < 6000);
        $("corner").disabled = false;
        tell();
      },
      () => tell(says.noGps),
      { enableHighAccuracy: true, maximumAge: 0, timeout: 30000 },
    );
  });
  $("corner").addEventListener("click", () => { if (near.length) { corners.push(mean()); near = near.slice(-1); tell(); } });
  $("undo").addEventListener("click", () => { corners.pop(); tell(); });
  form.addEventListener("submit", (event) => {
    if (corners.length < 3) { event.preventDefault(); event.stopImmediatePropagation(); tell(says.few); }
  }, true);
})();
