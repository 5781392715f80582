// Ticks every box of a round through a building at once; without this one ticks them by hand.
for (const button of document.querySelectorAll("[data-tick-all]")) {
  button.addEventListener("click", () => {
    const boxes = [...document.querySelectorAll("table input[type=checkbox]")];
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
  });
}
