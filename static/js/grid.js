// The building grid: arrows walk, Enter opens, typing a room number jumps; changed cells only are refreshed.
const holder = document.getElementById("cells");

function links() {
  return [...holder.querySelectorAll("td a")];
}

// Without this script every link is reached by Tab; with it the grid is one stop, walked by arrows.
function start() {
  links().forEach((link, n) => (link.tabIndex = n ? -1 : 0));
}

function go(to) {
  if (!to) return;
  for (const link of links()) link.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

function neighbour(link, key) {
  const cell = link.closest("td");
  const row = cell.parentElement;
  const cells = [...row.querySelectorAll("td")];
  const at = cells.indexOf(cell);
  if (key === "ArrowRight") return (cells[at + 1] ?? cell).querySelector("a");
  if (key === "ArrowLeft") return (cells[at - 1] ?? cell).querySelector("a");
  if (key === "Home") return cells[0].querySelector("a");
  if (key === "End") return cells.at(-1).querySelector("a");
  const rows = [...holder.querySelectorAll("tr")];
  const next = rows[rows.indexOf(row) + (key === "ArrowDown" ? 1 : -1)];
  if (!next) return link;
  const there = [...next.querySelectorAll("td")];
  return there[Math.min(at, there.length - 1)]?.querySelector("a") ?? link;
}

let typed = "";
let forget = 0;
holder.addEventListener("keydown", (event) => {
  const link = event.target.closest("td a");
  if (!link) return;
  if (["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) {
    event.preventDefault();
    go(neighbour(link, event.key));
  } else if (/^[0-9]$/.test(event.key)) {
    clearTimeout(forget);
    typed += event.key;
    forget = setTimeout(() => (typed = ""), 1200);
    const building = link.closest(".grid-building");
    go(building.querySelector(`a[data-room="${typed}"]`) ?? building.querySelector(`a[data-room^="${typed}"]`));
  }
});

for (const button of document.querySelectorAll("[data-only]:is(button)")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") === "true";
    for (const other of document.querySelectorAll("button[data-only]")) other.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", String(!on));
    if (on) delete holder.dataset.only;
    else holder.dataset.only = button.dataset.only;
  });
}

document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt !== holder || !event.detail.successful) return;
  const fresh = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  for (const cell of fresh.querySelectorAll("td[id]")) {
    const old = document.getElementById(cell.id);
    if (old && old.className !== cell.className) {
      old.className = cell.className;
      old.querySelector("i").textContent = cell.querySelector("i").textContent;
      old.querySelector("span").textContent = cell.querySelector("span").textContent;
    }
  }
});
start();
