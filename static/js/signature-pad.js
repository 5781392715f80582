// Handwriting on a sheet as large as the screen. What is kept are the strokes; the picture is drawn
// from them again whenever the sheet changes its size. Without this file one types one's name.
import SignaturePad from "../vendor/signature_pad/signature_pad.min.js";

const INK = "#101840";

function fit(canvas) {
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  canvas.width = Math.round(canvas.offsetWidth * ratio);
  canvas.height = Math.round(canvas.offsetHeight * ratio);
  canvas.getContext("2d").scale(ratio, ratio);
}

function box(strokes) {
  const points = strokes.flatMap((stroke) => stroke.points);
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

// The strokes moved and scaled, in proportion, to lie inside width x height.
function inside(strokes, width, height, margin, grow) {
  if (!strokes.length) return strokes;
  const { left, top, right, bottom } = box(strokes);
  const across = (width - 2 * margin) / Math.max(right - left, 1);
  const down = (height - 2 * margin) / Math.max(bottom - top, 1);
  let scale = Math.min(across, down);
  if (!grow) scale = Math.min(scale, 1);
  const fits = left >= 0 && top >= 0 && right <= width && bottom <= height;
  if (fits && !grow) return strokes;
  const x0 = (width - (right - left) * scale) / 2;
  const y0 = (height - (bottom - top) * scale) / 2;
  return strokes.map((stroke) => ({
    ...stroke,
    points: stroke.points.map((point) => ({ ...point, x: x0 + (point.x - left) * scale, y: y0 + (point.y - top) * scale })),
  }));
}

// The same judgement the server makes: enough ink, and not one line.
function isName(strokes) {
  const points = strokes.flatMap((stroke) => stroke.points);
  if (!strokes.some((stroke) => stroke.points.length > 2)) return false;
  let ink = 0;
  for (const { points: line } of strokes)
    for (let n = 1; n < line.length; n += 1) ink += Math.hypot(line[n].x - line[n - 1].x, line[n].y - line[n - 1].y);
  if (ink < 80) return false;
  const mx = points.reduce((sum, point) => sum + point.x, 0) / points.length;
  const my = points.reduce((sum, point) => sum + point.y, 0) / points.length;
  let xx = 0, yy = 0, xy = 0;
  for (const { x, y } of points) { xx += (x - mx) ** 2; yy += (y - my) ** 2; xy += (x - mx) * (y - my); }
  const spread = Math.hypot((xx - yy) / 2, xy);
  const longer = (xx + yy) / 2 + spread;
  return longer > 0 && Math.sqrt(Math.max(0, (xx + yy) / 2 - spread) / longer) >= 0.06;
}

function lean(strokes) {
  return strokes.map(({ points }) => ({
    points: points.map(({ x, y, time, pressure }) => ({ x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10, time, pressure: Math.round((pressure || 0) * 100) / 100 })),
  }));
}

function start(place) {
  const find = (name) => place.querySelector(`[data-${name}]`);
  const field = document.getElementById(place.dataset.input);
  const sheet = find("sheet");
  const canvas = find("canvas");
  const shown = find("shown");
  const pad = new SignaturePad(canvas, { penColor: INK, minWidth: 1.5, maxWidth: 4.5, throttle: 8 });
  pad.addEventListener("beginStroke", () => { find("short").hidden = true; });
  let kept = field.value ? JSON.parse(field.value).map((stroke) => ({ penColor: INK, minWidth: 1.5, maxWidth: 4.5, dotSize: 0, ...stroke })) : [];

  function redraw(strokes) {
    fit(canvas);
    pad.fromData(inside(strokes, canvas.offsetWidth, canvas.offsetHeight, 16, false));
  }

  function show() {
    shown.hidden = !kept.length;
    find("none").hidden = kept.length > 0;
    find("open").textContent = kept.length ? place.dataset.rewrite : place.dataset.label;
    if (!kept.length) return;
    fit(shown);
    const still = new SignaturePad(shown, { penColor: INK });
    still.off();
    still.fromData(inside(kept, shown.offsetWidth, shown.offsetHeight, 12, true));
  }

  function leave() {
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    sheet.close();
    find("open").focus();
  }

  place.dataset.label = find("open").textContent;
  find("open").addEventListener("click", () => {
    sheet.showModal();
    find("short").hidden = true;
    redraw(kept);
  });
  find("undo").addEventListener("click", () => pad.fromData(pad.toData().slice(0, -1)));
  find("again").addEventListener("click", () => pad.clear());
  find("leave").addEventListener("click", leave);
  find("done").addEventListener("click", () => {
    const strokes = pad.toData();
    find("short").hidden = isName(strokes);
    if (!isName(strokes)) return;
    kept = strokes;
    field.value = JSON.stringify(lean(strokes));
    leave();
    show();
  });
  // A turned phone or an opened address bar clears a canvas; the strokes are drawn again.
  new ResizeObserver(() => { if (sheet.open) redraw(pad.toData()); }).observe(canvas.parentElement);
  // Older WeChat on iPhone scrolls the page under the finger in spite of touch-action.
  canvas.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });
  place.hidden = false;
  show();
}

for (const place of document.querySelectorAll("[data-pad]")) start(place);
for (const typed of document.querySelectorAll("[data-typed]"))
  if (!typed.querySelector(".wrong") && !typed.querySelector("input").value) typed.removeAttribute("open");
