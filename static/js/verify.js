// The file is hashed here and only the hash is asked about; the form uploads it where that is not enough.
const form = document.querySelector("[data-verify]");
const file = form?.querySelector("input[type=file]");
let looked = null; // the file whose hash was unknown: now it may be uploaded

async function sha256(blob) {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function ask(chosen) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  body.set("sha256", await sha256(chosen));
  const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const verdict = page.getElementById("verdict");
  if (!verdict) throw new Error("no verdict");
  document.getElementById("verdict").replaceWith(verdict);
  document.getElementById("verdict").scrollIntoView({ block: "nearest" });
  return verdict.querySelector("[data-kind]")?.dataset.kind;
}

form?.addEventListener("submit", async (event) => {
  const chosen = file.files[0];
  if (!chosen || chosen === looked || !window.crypto?.subtle) return; // the plain form does it
  event.preventDefault();
  delete form.dataset.sent; // what was prevented was not sent
  const button = form.querySelector("button");
  const words = button.textContent;
  button.textContent = form.dataset.working;
  try {
    if ((await ask(chosen)) === "unknown") looked = chosen;
  } catch {
    looked = chosen;
    form.requestSubmit();
  } finally {
    button.textContent = words;
  }
});
