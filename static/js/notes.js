// Saves each sheet of notes a moment after the last key, and on leaving it; shows what a colleague
// writes while one does not. What could not be sent stays in this browser and is sent again.
// Without this file one saves by the button, and nothing is lost either: the server puts texts together.

const place = document.querySelector("[data-notes]");
const words = place.dataset;
const PAUSE = 1500;
const EVERY = 5000;
const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

function start(form) {
  const area = form.querySelector("[data-note]");
  const item = form.elements.namedItem("item").value; // ``elements.item`` is a method
  const sheet = {
    form, area, item,
    key: words.keep + item,
    base: Number(form.elements.namedItem("base").value),
    known: area.value, // the text of ``base``
    busy: false,
    stopped: area.readOnly,
    timer: 0,
    resumed: false, // what this browser kept is being sent again
  };
  const kept = JSON.parse(localStorage.getItem(sheet.key) ?? "null");
  if (kept && kept.text !== area.value) {
    area.value = kept.text;
    sheet.base = kept.base;
    sheet.known = null;
    sheet.resumed = true;
  } else localStorage.removeItem(sheet.key);
  area.addEventListener("input", () => { keep(sheet); later(sheet); });
  area.addEventListener("blur", () => save(sheet));
  area.addEventListener("focus", () => remember(item));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save(sheet);
  });
  return sheet;
}

const dirty = (sheet) => sheet.area.value !== sheet.known;

function keep(sheet) {
  if (dirty(sheet)) localStorage.setItem(sheet.key, JSON.stringify({ text: sheet.area.value, base: sheet.base }));
  else localStorage.removeItem(sheet.key);
}

function later(sheet) {
  clearTimeout(sheet.timer);
  sheet.timer = setTimeout(() => save(sheet), PAUSE);
}

function say(sheet, text, trouble = false) {
  const line = sheet.form.querySelector("[data-state]");
  if (line.textContent !== text) line.textContent = text;
  sheet.form.toggleAttribute("data-trouble-kept", trouble);
}

const clock = () => new Date().toTimeString().slice(0, 5);

async function save(sheet, leaving = false) {
  clearTimeout(sheet.timer);
  if (sheet.busy || sheet.stopped || !dirty(sheet)) return;
  sheet.busy = true;
  const sent = sheet.area.value;
  const body = new URLSearchParams({ item: sheet.item, base: sheet.base, text: sent, csrfmiddlewaretoken: token() });
  const answer = await fetch(words.save, {
    method: "POST", body, redirect: "manual", keepalive: leaving && sent.length < 20000,
    headers: { Accept: "application/json", "X-CSRFToken": token() },
  }).catch(() => null);
  sheet.busy = false;
  if (answer?.ok || answer?.status === 409) taken(sheet, sent, await answer.json());
  else if (answer?.status === 422) say(sheet, (await answer.json()).refused, true);
  else if (answer && (answer.type === "opaqueredirect" || answer.status === 403)) {
    say(sheet, words.wordsOut, true);
    renew();
  } else say(sheet, words.wordsAway, true);
}

// What was sent is on the server: as it stands, put together with a colleague's, or beside it.
function taken(sheet, sent, answer) {
  sheet.base = answer.yours;
  sheet.known = sent;
  if (answer.clashes) {
    sheet.stopped = true;
    keep(sheet);
    if (sheet.resumed) location.reload(); // the page was made before this text came
    sheet.form.querySelector("[data-clash]").hidden = false;
    say(sheet, words.wordsClash, true);
    return;
  }
  const merged = answer.text !== sent;
  if (merged && sheet.area.value === sent) show(sheet, answer.version, answer.text);
  keep(sheet);
  say(sheet, `${merged ? words.wordsMerged : words.wordsSaved} ${clock()}`);
  if (dirty(sheet)) later(sheet);
}

// A new text under the hand of whoever writes: the caret stays between the letters it stood between.
function show(sheet, version, text) {
  const { area } = sheet;
  const old = area.value;
  let before = 0;
  while (before < old.length && before < text.length && old[before] === text[before]) before += 1;
  let after = 0;
  while (after < old.length - before && after < text.length - before && old.at(-1 - after) === text.at(-1 - after)) after += 1;
  const moved = (at) => (at <= before ? at : at >= old.length - after ? at + text.length - old.length : text.length - after);
  const [first, last] = [moved(area.selectionStart), moved(area.selectionEnd)];
  area.value = text;
  if (document.activeElement === area) area.setSelectionRange(first, last);
  sheet.base = version;
  sheet.known = text;
}

// Signed in again in another window, this page has yesterday's token.
async function renew() {
  const answer = await fetch(words.goOn, { headers: { Accept: "application/json" }, redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return;
  const { token: fresh } = await answer.json();
  if (fresh) for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = fresh;
}

async function look() {
  for (const sheet of sheets) await save(sheet);
  const answer = await fetch(words.now, { headers: { Accept: "application/json" }, redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return;
  const { notes } = await answer.json();
  for (const sheet of sheets) {
    const now = notes[sheet.item];
    if (!now || sheet.busy || sheet.stopped || dirty(sheet) || now.version <= sheet.base) continue;
    const fresh = now.text !== sheet.area.value;
    show(sheet, now.version, now.text);
    if (fresh) say(sheet, words.wordsFresh);
  }
}

// A quick entry belongs to the point one was writing on.
let writing = "";
function remember(item) {
  writing = item;
  for (const choice of document.querySelectorAll("#quick select[name=item]")) choice.value = item;
}
document.body.addEventListener("htmx:afterSettle", () => remember(writing));

const sheets = [...place.querySelectorAll(".sheet")].map(start);
for (const sheet of sheets) if (dirty(sheet)) save(sheet);
setInterval(() => document.hidden || look(), EVERY);
addEventListener("online", () => sheets.forEach((sheet) => save(sheet)));
addEventListener("pagehide", () => sheets.forEach((sheet) => save(sheet, true)));
document.addEventListener("visibilitychange", () => {
  if (document.hidden) sheets.forEach((sheet) => save(sheet, true));
});
