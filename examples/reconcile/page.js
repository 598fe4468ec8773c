"use strict";
const rows = Array.from(document.querySelectorAll("#findings tbody tr"), (row) => ({
  row,
  verdict: row.className,
  text: row.textContent.toLowerCase(),
}));
const buttons = document.querySelectorAll("button[data-show]");
const search = document.getElementById("search");
const shown = document.getElementById("shown");
const agrees = ["matched", "netted"];
let show = "";

function update() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let n = 0;
  for (const { row, verdict, text } of rows) {
    const wanted = show === "" || show === verdict || (show === "differences" && !agrees.includes(verdict));
    row.hidden = !wanted || !words.every((word) => text.includes(word));
    n += row.hidden ? 0 : 1;
  }
  shown.textContent = n === rows.length ? "" : n + " of " + rows.length + " shown";
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    show = button.dataset.show;
    for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
    update();
  });
}
search.addEventListener("input", update);
update();
