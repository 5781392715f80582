// 听一听: reads the named part of the page, by a tap only, at an unhurried pace.
// <button type="button" data-read="#part" data-stop="停下" hidden>听一听</button>; with data-audio="URL" that recording is played.

const voice = window.speechSynthesis;
let playing = null;

function words(part) {
  const copy = part.cloneNode(true);
  copy.querySelectorAll(".back, [data-unread], button, script, svg, [hidden]").forEach((node) => node.remove());
  return copy.textContent.replace(/\s+/g, " ").trim();
}

function stop() {
  voice?.cancel();
  if (!playing) return;
  playing.audio?.pause();
  playing.button.textContent = playing.label;
  playing.button.setAttribute("aria-pressed", "false");
  playing = null;
}

function start(button) {
  playing = { button, label: button.textContent };
  button.textContent = button.dataset.stop;
  button.setAttribute("aria-pressed", "true");
  if (button.dataset.audio) {
    playing.audio = new Audio(button.dataset.audio);
    playing.audio.addEventListener("ended", stop);
    playing.audio.play();
    return;
  }
  // Some phones cut off long speeches: one sentence at a time.
  const sentences = words(document.querySelector(button.dataset.read)).match(/[^。！？；]+[。！？；]?/g) ?? [];
  sentences.forEach((sentence, index) => {
    const speech = new SpeechSynthesisUtterance(sentence);
    speech.lang = document.documentElement.lang === "en" ? "en-GB" : "zh-CN"; // Android goes by lang alone
    speech.rate = 0.85;
    if (index === sentences.length - 1) speech.addEventListener("end", stop);
    voice.speak(speech);
  });
}

for (const button of document.querySelectorAll("[data-read]")) {
  if (!voice && !button.dataset.audio) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const again = playing?.button === button;
    stop();
    if (!again) start(button);
  });
}
window.addEventListener("pagehide", stop);
