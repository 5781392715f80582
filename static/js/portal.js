// What every page gets: every control here also works, more slowly, without this file.

// htmx sends the token of the page's own form.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  if (token) event.detail.headers["X-CSRFToken"] = token.value;
});

// After a part was exchanged, its first trouble is read out and reached.
document.addEventListener("htmx:afterSettle", (event) => {
  const trouble = event.target.querySelector?.("[data-trouble]");
  if (trouble) trouble.focus();
});

// A narrow screen starts with the staff menu closed.
const side = document.querySelector("[data-side]");
if (side && matchMedia("(max-width: 47.99rem)").matches) side.removeAttribute("open");

// A form is sent once: a second tap within three seconds is the same tap.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent && Date.now() - form.dataset.sent < 3000) event.preventDefault();
  else form.dataset.sent = Date.now();
});

// A table wider than the page is moved by the arrow keys too.
function reachable(root) {
  for (const box of root.querySelectorAll(".across")) {
    if (box.scrollWidth <= box.clientWidth) continue;
    box.tabIndex = 0;
    box.role = "group";
    box.ariaLabel = box.querySelector("caption, th")?.textContent.trim() || document.title;
  }
}
reachable(document);
addEventListener("resize", () => reachable(document));
document.addEventListener("htmx:afterSettle", (event) => reachable(event.target.parentElement ?? document));

// The trouble summary takes the focus, so that a screen reader starts there.
document.querySelector("[data-trouble]")?.focus();

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;

for (const button of document.querySelectorAll("[data-print]")) {
  // WeChat's browser cannot print; there the button would do nothing.
  if (/MicroMessenger/i.test(navigator.userAgent)) continue;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

if (document.querySelector("[data-read]")) import("./read-aloud.js");
