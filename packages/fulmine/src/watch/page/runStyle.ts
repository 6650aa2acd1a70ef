/** How the lines of a run look. */
export interface RunStyle {
  readonly colour: string;
  readonly isDashed: boolean;
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

/** The style of the run at an index; runs from the eleventh on are dashed. */
export function runStyle(index: number): RunStyle {
  const colours = isDark() ? DARK : LIGHT;
  return {
    colour: colours[index % colours.length] ?? "#888888",
    isDashed: Math.floor(index / colours.length) % 2 === 1,
  };
}

/** Shows a style beside a run's name. */
export function swatch({ colour, isDashed }: RunStyle): HTMLElement {
  const line = document.createElement("span");
  line.className = isDashed ? "swatch dashed" : "swatch";
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
