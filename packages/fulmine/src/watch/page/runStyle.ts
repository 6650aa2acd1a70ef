/** How the lines of a run look. */
export interface RunStyle {
  readonly colour: string;
  readonly dash: "solid" | "dashed" | "dotted";
}

/** Told apart also with the common kinds of colour blindness, because they differ in lightness. */
const LIGHT = [
  "#0b62ad",
  "#b87503",
  "#19864f",
  "#cf222e",
  "#6f42c1",
  "#0a7f8c",
  "#a0306f",
  "#5b6875",
  "#7a5b00",
  "#3a1a6b",
];
const DARK = [
  "#62b2f5",
  "#e9b04a",
  "#4fce8c",
  "#ff7066",
  "#b696f5",
  "#4cc9d4",
  "#f07cb8",
  "#aab6c2",
  "#d4c14f",
  "#8fa2ff",
];

const DASHES = ["solid", "dashed", "dotted"] as const;

/** The style of the run at an index; from the eleventh on they are dashed, from the 21st on dotted. */
export function runStyle(index: number): RunStyle {
  const colours = isDark() ? DARK : LIGHT;
  return {
    colour: colours[index % colours.length] ?? "#888888",
    dash: DASHES[Math.floor(index / colours.length) % DASHES.length] ?? "solid",
  };
}

/** Shows a style beside a run's name. */
export function swatch({ colour, dash }: RunStyle): HTMLElement {
  const line = document.createElement("span");
  line.className = `swatch ${dash}`;
  line.style.borderColor = colour;
  return line;
}

/** Whether the page is dark now. */
export function isDark(): boolean {
  return document.documentElement.dataset["theme"] === "dark";
}

/** A colour of the page, e.g. `--grid`. */
export function pageColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
