// The button that takes a tap back goes when its ten seconds are over; the server refuses it then anyway.
const undo = document.querySelector("[data-seconds]");
if (undo) setTimeout(() => { undo.hidden = true; }, undo.dataset.seconds * 1000);

// "/" leads back to the search, as in the list of households.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  document.querySelector("[data-search]")?.focus();
});
