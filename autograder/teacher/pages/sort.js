function keyOf(row, column) {
  const cell = row.cells[column];
  const text = cell.dataset.key ?? cell.textContent.trim();
  return { text, number: text === "" ? NaN : Number(text) };
}
function inOrder(a, b) {
  if (!Number.isNaN(a.number) && !Number.isNaN(b.number)) return a.number - b.number;
  if (Number.isNaN(a.number) !== Number.isNaN(b.number)) return Number.isNaN(a.number) ? -1 : 1;
  return a.text.localeCompare(b.text, undefined, { numeric: true });
}
for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => {
    const head = button.closest("th");
    const body = head.closest("table").tBodies[0];
    const order = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
    for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order);
    const rows = Array.from(body.rows);
    const keys = new Map(rows.map((row) => [row, keyOf(row, head.cellIndex)]));
    const sign = order === "ascending" ? 1 : -1;
    rows.sort((a, b) => sign * inOrder(keys.get(a), keys.get(b)));
    body.append(...rows);
  });
}
