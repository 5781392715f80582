// Drawing over the photo writes the same lines that can be typed: left, top, width, height in percent.
const cover = document.querySelector("[data-cover]");
const field = document.querySelector("[data-spots]");
const SVG = "http://www.w3.org/2000/svg";
let start = null;

function lines() {
  return field.value.split("\n").map((line) => line.trim().split(/[\s,，]+/).map(Number)).filter((n) => n.length === 4 && n.every(Number.isFinite));
}

function show(extra) {
  const svg = cover.querySelector("svg");
  svg.replaceChildren();
  for (const [x, y, width, height] of [...lines(), ...(extra ? [extra] : [])]) {
    const rect = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries({ x, y, width, height })) rect.setAttribute(name, value);
    svg.append(rect);
  }
}

function at(event) {
  const box = cover.getBoundingClientRect();
  const percent = (value, size) => Math.min(100, Math.max(0, Math.round((100 * value) / size)));
  return [percent(event.clientX - box.left, box.width), percent(event.clientY - box.top, box.height)];
}

function between([x1, y1], [x2, y2]) {
  return [Math.min(x1, x2), Math.min(y1, y2), Math.abs(x1 - x2), Math.abs(y1 - y2)];
}

if (cover && field) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 100 100");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  cover.append(svg);
  cover.dataset.drawing = "";
  cover.addEventListener("pointerdown", (event) => {
    start = at(event);
    cover.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  cover.addEventListener("pointermove", (event) => start && show(between(start, at(event))));
  cover.addEventListener("pointerup", (event) => {
    const spot = start && between(start, at(event));
    start = null;
    if (spot && spot[2] && spot[3]) field.value = [...lines(), spot].map((line) => line.join(" ")).join("\n");
    show();
  });
  field.addEventListener("input", () => show());
  show();
}
