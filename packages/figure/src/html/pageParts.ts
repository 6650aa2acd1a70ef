/** The style sheet of the HTML page. */
export const PAGE_STYLE: string = `
:root{color-scheme:light;--surface:#ffffff;--text:#1c2733;--muted:#5b6875;--grid:#e8ebef;--pick:#cf222e}
:root.theme-dark{color-scheme:dark;--surface:#12171d;--text:#e8ecf0;--muted:#9ba8b5;--grid:#252d36;--pick:#ff7066}
@media (prefers-color-scheme:dark){:root.theme-auto{color-scheme:dark;--surface:#12171d;--text:#e8ecf0;--muted:#9ba8b5;--grid:#252d36;--pick:#ff7066}}
body{margin:0;background:var(--surface);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{max-width:64rem;margin:0 auto;padding:1rem}
#figure svg{display:block;width:100%;height:auto}
.narrow{display:none}
@media (max-width:600px){.wide{display:none}.narrow{display:block}main{padding:.25rem}}
#figure:focus-visible{outline:2px solid var(--muted);outline-offset:4px;border-radius:4px}
#readout{display:block;min-height:1.5em;margin:.5rem 1rem;color:var(--muted);font-variant-numeric:tabular-nums}
details{margin:1.5rem 1rem;overflow-x:auto}
summary{cursor:pointer;color:var(--muted)}
table{border-collapse:collapse;margin-top:.75rem;font-variant-numeric:tabular-nums}
th,td{padding:.15rem clamp(.3rem,1.5vw,.9rem);text-align:right;border-bottom:1px solid var(--grid)}
th{font-weight:600}
tr.pick{color:var(--pick);font-weight:600}
`;

/**
 * The script of the HTML page. It marks the point nearest to the pointer, or chosen with the arrow keys, with a line and a dot,
 * and shows its values in the readout. It reads the data of the element `points`.
 */
export const HOVER_SCRIPT: string = `
"use strict";
(() => {
  const { texts, drawings } = JSON.parse(document.getElementById("points").textContent);
  const figure = document.getElementById("figure");
  const readout = document.getElementById("readout");
  if (texts.length === 0) { readout.textContent = "There is no value."; return; }
  const draw = (svg, name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.style.pointerEvents = "none";
    element.style.visibility = "hidden";
    svg.append(element);
    return element;
  };
  let at = -1;
  const show = (index) => {
    at = Math.max(0, Math.min(texts.length - 1, index));
    for (const mark of marks) mark(at);
    readout.textContent = texts[at];
  };
  const marks = drawings.map(({ top, bottom, places }, which) => {
    const svg = figure.querySelectorAll("svg")[which];
    const line = draw(svg, "line", { y1: top, y2: bottom, stroke: "currentColor", "stroke-opacity": 0.5 });
    const dot = draw(svg, "circle", { r: 5, fill: "currentColor" });
    svg.addEventListener("pointermove", (event) => {
      const matrix = svg.getScreenCTM();
      if (!matrix) return;
      const { x } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
      let nearest = 0;
      places.forEach(([at], i) => { if (Math.abs(at - x) < Math.abs(places[nearest][0] - x)) nearest = i; });
      show(nearest);
    });
    svg.addEventListener("pointerleave", () => { line.style.visibility = dot.style.visibility = "hidden"; });
    return (index) => {
      const [x, y] = places[index];
      line.setAttribute("x1", x);
      line.setAttribute("x2", x);
      line.style.visibility = "visible";
      dot.setAttribute("cx", x);
      dot.setAttribute("cy", y ?? top);
      dot.style.visibility = y === null ? "hidden" : "visible";
    };
  });
  figure.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    show(at + step);
  });
})();
`;
