// Counts what is ticked, and fills in a code from a scanned receipt. The pages work without it.

const counted = document.querySelector("[data-counted]");
const boxes = [...document.querySelectorAll("[data-count]")].filter((el) => el.type === "checkbox");

function count() {
  counted.textContent = counted.dataset.words.replace("#", boxes.filter((box) => box.checked).length);
  counted.hidden = false;
}

if (counted) {
  for (const box of boxes) box.addEventListener("change", count);
  count();
}

// The receipt's QR carries its codes behind the #, which no browser sends anywhere.
const field = document.querySelector("#id_code");
const place = document.querySelector("[data-from-qr]");
const codes = location.hash.slice(1).split("+").filter((code) => /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/.test(code));
if (field && place && codes.length) {
  field.value = codes[0];
  if (codes.length > 1) {
    for (const code of codes) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-outline-primary", textContent: code });
      button.addEventListener("click", () => { field.value = code; });
      place.append(button);
    }
    place.hidden = false;
  }
}
