// Staff: two minutes before a sign-in ends of idleness, ask. What stands in a form stays on the page.
// Without this file the server ends the sign-in all the same, and says so on the next page.

const box = document.querySelector("[data-idle]");
const words = box.querySelector("[data-idle-words]");
const WARN = 120;
const AT_WORK = 300; // whoever typed or clicked within these seconds is not idle
const others = new BroadcastChannel("idle");
let ends = 0;
let touched = 0;
let said = "";

const left = () => Math.round((ends - Date.now()) / 1000);

function last(seconds) {
  ends = Date.now() + seconds * 1000;
  said = "";
  if (box.open && seconds > WARN) box.close();
}

function say(text) {
  if (text === said) return; // read out once, not every second
  said = text;
  words.textContent = text;
}

async function goOn() {
  const answer = await fetch(box.dataset.goOn, { headers: { Accept: "application/json" }, redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return false;
  const { left: seconds, token } = await answer.json();
  // Signed in anew in another window, the forms here would have yesterday's token.
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  last(seconds);
  others.postMessage(seconds);
  return true;
}

function over() {
  box.dataset.over = "";
  say(box.dataset.wordsOver);
  for (const part of box.querySelectorAll("[data-while]")) part.hidden = true;
  for (const part of box.querySelectorAll("[data-after]")) part.hidden = false;
}

function current() {
  delete box.dataset.over;
  for (const part of box.querySelectorAll("[data-while]")) part.hidden = false;
  for (const part of box.querySelectorAll("[data-after]")) part.hidden = true;
}

async function look() {
  if (left() > WARN || "over" in box.dataset) return;
  if (!box.open) {
    if (Date.now() - touched < AT_WORK * 1000 && left() > 0 && (await goOn())) return;
    if (!box.open) box.showModal();
  }
  if (left() <= 0) over();
  else say(left() > 60 ? box.dataset.wordsTwo : box.dataset.wordsOne);
}

box.addEventListener("cancel", (event) => {
  event.preventDefault();
  go.click();
});
const go = box.querySelector("[data-go-on]");
go.addEventListener("click", async () => {
  if (await goOn()) {
    current();
    box.close();
  } else over();
});
for (const kind of ["keydown", "pointerdown", "input"]) {
  document.addEventListener(kind, () => { if (!box.open) touched = Date.now(); }, { passive: true });
}
// The server notes a sign of life at most once a minute: count on the least.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) last(Math.max(left(), Number(box.dataset.span) - 60));
});
others.addEventListener("message", (event) => {
  current();
  last(event.data);
});
last(Number(box.dataset.idle));
others.postMessage(Number(box.dataset.idle));
setInterval(look, 1000);
