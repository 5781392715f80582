// Keeps the last good figures and says so while the server cannot be reached.
const stale = (away) => {
  const badge = document.querySelector("[data-stale]");
  if (badge) badge.hidden = !away;
};
document.body.addEventListener("htmx:sendError", () => stale(true));
document.body.addEventListener("htmx:responseError", () => stale(true));
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) stale(false);
});
