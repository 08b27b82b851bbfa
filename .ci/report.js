// What a browser says of the report: a list of problems, for .ci/report.
const problems = [];
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const name = (element) => element.tagName.toLowerCase() + " " + (element.textContent || "").trim().slice(0, 50);

// Landmarks and headings.
for (const landmark of ["header", "nav", "main", "footer", "h1"]) {
  const count = all(landmark).length;
  if (count !== 1) problems.push(`${count} elements ${landmark}`);
}
if (!document.documentElement.lang) problems.push("the page has no language");
if (!document.title) problems.push("the page has no title");
let level = 0;
for (const heading of all("h1,h2,h3,h4,h5,h6")) {
  const own = Number(heading.tagName[1]);
  if (own > level + 1) problems.push(`heading out of order: ${name(heading)}`);
  level = own;
}
for (const link of all("a[href^='#']")) {
  if (!document.getElementById(link.getAttribute("href").slice(1))) problems.push(`link to nowhere: ${link.getAttribute("href")}`);
}
const ids = all("[id]").map((element) => element.id);
for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) problems.push(`id given twice: ${id}`);
for (const table of all("table")) {
  if (!table.caption) problems.push("a table has no caption");
  if (all("th:not([scope])", table).length) problems.push(`a head without scope: ${name(table.caption || table)}`);
}
for (const svg of all("svg")) {
  const labels = (svg.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id));
  if (svg.getAttribute("role") !== "img" || !labels.length || labels.some((label) => !label || !label.textContent)) problems.push("a picture without a name or a description");
}
if (all("script,img,iframe,link,object").length) problems.push("something is loaded or runs");

// The page does not scroll sideways; tables and pictures do, by themselves.
if (document.documentElement.scrollWidth > window.innerWidth + 1) {
  problems.push(`the page is ${document.documentElement.scrollWidth} px wide in a window of ${window.innerWidth}`);
}

// Contrast of every text of the page; pictures have a test of their own colours.
const numbers = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);
const luminance = ([r, g, b]) => {
  const part = (value) => ((value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
};
const ground = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = numbers(getComputedStyle(at).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const seen = new Set();
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || element.closest("svg") || seen.has(element)) continue;
  seen.add(element);
  const [text, behind] = [luminance(numbers(getComputedStyle(element).color)), luminance(ground(element))];
  const contrast = (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05);
  if (contrast < 4.5) problems.push(`contrast ${contrast.toFixed(2)}: ${name(element)}`);
}

// With the fonts that are here, every label lies inside its box.
for (const text of all("svg text")) {
  const box = text.parentElement.querySelector(":scope > rect.sd-card") ||
    (text.classList.contains("sd-label") && text.closest("g, svg") && [...text.parentElement.querySelectorAll(".sd-plate")].find((plate) => {
      const [p, t] = [plate.getBBox(), text.getBBox()];
      return Math.abs(p.x + p.width / 2 - t.x - t.width / 2) < 1 && t.y >= p.y - 4 && t.y + t.height <= p.y + p.height + 4;
    }));
  if (!box) continue;
  const [outer, inner] = [box.getBBox(), text.getBBox()];
  if (inner.x < outer.x - 0.5 || inner.x + inner.width > outer.x + outer.width + 0.5) problems.push(`label leaves its box: ${name(text)}`);
}
return problems;
