// The household list: ticks that stay from page to page, and the keyboard. The file: edits in place.
// Without this file ticks hold for one page and every link and form still works.

const form = () => document.querySelector("#picked");
const picked = new Set();
let place = "";

function recall() {
  if (!form()?.querySelector("[data-selection]")) return;
  place = `picked:${form().dataset.picking}`;
  if (picked.size === 0) {
    for (const id of (sessionStorage.getItem(place) ?? "").split(",").filter(Boolean)) picked.add(id);
  }
  form().querySelector("[data-pick-page-label]").hidden = false;
  show();
}

function show() {
  for (const box of form().querySelectorAll("[data-pick]")) box.checked = picked.has(box.value);
  form().querySelector("[data-picks]").value = [...picked].join(",");
  const count = form().querySelector("[data-picked-count]");
  count.hidden = picked.size === 0;
  count.textContent = count.dataset.pickedCount.replace("{n}", picked.size);
  form().querySelector("[data-pick-none]").hidden = picked.size === 0;
  sessionStorage.setItem(place, [...picked].join(","));
}

function pick(id, on) {
  if (on) picked.add(id);
  else picked.delete(id);
}

document.addEventListener("change", (event) => {
  if (!form()?.contains(event.target)) return;
  if (event.target.matches("[data-pick]")) pick(event.target.value, event.target.checked);
  else if (event.target.matches("[data-pick-page]")) {
    for (const box of form().querySelectorAll("[data-pick]")) pick(box.value, event.target.checked);
  } else return;
  show();
});

document.addEventListener("click", (event) => {
  if (!event.target.matches("[data-pick-none]")) return;
  picked.clear();
  show();
});

// What was ticked goes to its deed; a deed that is refused keeps it in its own page.
document.addEventListener("submit", (event) => {
  if (!event.target.elements.go) return;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("picked:")) sessionStorage.removeItem(key);
});

// Keyboard: / j k x o ?
const rows = () => [...document.querySelectorAll("[data-row]")];
const here = () => document.querySelector("[data-row][data-here]");

function go(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(here());
  const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
  here()?.removeAttribute("data-here");
  next.setAttribute("data-here", "");
  next.querySelector("[data-open]").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

const keys = {
  "/": () => document.querySelector("[data-find]")?.focus(),
  j: () => go(1),
  k: () => go(-1),
  x: () => here()?.querySelector("[data-pick]")?.click(),
  o: () => here()?.querySelector("[data-open]")?.click(),
  "?": () => document.querySelector("#keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]");
  if (event.key === "Escape") {
    event.target.closest("[data-cell]")?.querySelector("[data-cancel]")?.click();
    if (event.target.matches("[data-find]")) event.target.blur();
    return;
  }
  if (writing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});

// Somebody else saved first: the answer (409) carries both values and takes the form's place.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status !== 409) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
document.addEventListener("htmx:afterSettle", (event) => {
  recall();
  const cell = document.querySelector("[data-cell]");
  if (cell && !cell.querySelector("[data-trouble]")) cell.querySelector("input:not([type=hidden]), select, textarea")?.focus();
});

recall();
