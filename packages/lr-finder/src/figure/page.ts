/** The style of the page that `toHtml` makes. */
export const PAGE_STYLE: string = `
:root{color-scheme:light;--surface:#ffffff;--text:#1c2733;--muted:#5b6875;--grid:#e8ebef;--pick:#cf222e}
:root.theme-dark{color-scheme:dark;--surface:#12171d;--text:#e8ecf0;--muted:#9ba8b5;--grid:#252d36;--pick:#ff7066}
@media (prefers-color-scheme:dark){:root.theme-auto{color-scheme:dark;--surface:#12171d;--text:#e8ecf0;--muted:#9ba8b5;--grid:#252d36;--pick:#ff7066}}
body{margin:0;background:var(--surface);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{max-width:64rem;margin:0 auto;padding:1rem}
#figure svg{display:block;width:100%;height:auto}
#figure:focus-visible{outline:2px solid var(--muted);outline-offset:4px;border-radius:4px}
#readout{display:block;min-height:1.5em;margin:.5rem 1rem;color:var(--muted);font-variant-numeric:tabular-nums}
details{margin:1.5rem 1rem}
summary{cursor:pointer;color:var(--muted)}
table{border-collapse:collapse;margin-top:.75rem;font-variant-numeric:tabular-nums}
th,td{padding:.15rem .9rem;text-align:right;border-bottom:1px solid var(--grid)}
th{font-weight:600}
tr.pick{color:var(--pick);font-weight:600}
`;

/**
 * The script of that page: a line and a dot at the rung nearest to the pointer, or chosen with the arrow
 * keys, and its numbers in the read-out. It reads what `toHtml` left in the element `rungs`.
 */
export const HOVER_SCRIPT: string = `
"use strict";
(() => {
  const { rungs, top, bottom } = JSON.parse(document.getElementById("rungs").textContent);
  const figure = document.getElementById("figure");
  const svg = figure.querySelector("svg");
  const readout = document.getElementById("readout");
  if (rungs.length === 0) { readout.textContent = "The sweep is empty."; return; }
  const draw = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.style.pointerEvents = "none";
    element.style.visibility = "hidden";
    svg.append(element);
    return element;
  };
  const line = draw("line", { y1: top, y2: bottom, stroke: "currentColor", "stroke-opacity": 0.5 });
  const dot = draw("circle", { r: 5, fill: "currentColor" });
  let at = -1;
  const show = (index) => {
    at = Math.max(0, Math.min(rungs.length - 1, index));
    const { x, y, text } = rungs[at];
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
    line.style.visibility = "visible";
    dot.setAttribute("cx", x);
    dot.setAttribute("cy", y ?? top);
    dot.style.visibility = y === null ? "hidden" : "visible";
    readout.textContent = text;
  };
  const hide = () => { line.style.visibility = dot.style.visibility = "hidden"; };
  svg.addEventListener("pointermove", (event) => {
    const matrix = svg.getScreenCTM();
    if (!matrix) return;
    const { x } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    let nearest = 0;
    rungs.forEach((rung, i) => { if (Math.abs(rung.x - x) < Math.abs(rungs[nearest].x - x)) nearest = i; });
    show(nearest);
  });
  svg.addEventListener("pointerleave", hide);
  figure.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    show(at + step);
  });
})();
`;
