/** The colours of a figure. In a browser `"auto"` follows the colour scheme of the system; elsewhere it is light. */
export type Theme = "light" | "dark" | "auto";

/** The purpose of a colour. */
export type Role =
  | "surface"
  | "text"
  | "muted"
  | "grid"
  | "axis"
  | "raw"
  | "smoothed"
  | "band"
  | "heldOut"
  | "pick"
  | "range"
  | "stop"
  | OverlayRole;

/** The colours of overlaid curves, in cyclic order. */
const OVERLAY_ROLES = ["overlay1", "overlay2", "overlay3", "overlay4"] as const;

/** The colour of an overlaid curve. */
export type OverlayRole = (typeof OVERLAY_ROLES)[number];

/** The colour of an overlaid curve, in cyclic order. */
export function overlayRole(index: number): OverlayRole {
  return OVERLAY_ROLES[index % OVERLAY_ROLES.length] ?? "overlay1";
}

/** Colours of lines differ also in lightness, so that they can be told apart with every common colour blindness. */
export const LIGHT: Readonly<Record<Role, string>> = {
  surface: "#ffffff",
  text: "#1c2733",
  muted: "#5b6875",
  grid: "#e8ebef",
  axis: "#8995a1",
  raw: "#a9c5e2",
  smoothed: "#0b62ad",
  band: "#d5e5f4",
  heldOut: "#b87503",
  pick: "#cf222e",
  range: "#fbe3e2",
  stop: "#5b6875",
  overlay1: "#b87503",
  overlay2: "#3a1a6b",
  overlay3: "#19a677",
  overlay4: "#8a5a80",
};

const DARK: Record<Role, string> = {
  surface: "#12171d",
  text: "#e8ecf0",
  muted: "#9ba8b5",
  grid: "#252d36",
  axis: "#66727f",
  raw: "#3f6c99",
  smoothed: "#62b2f5",
  band: "#1d3850",
  heldOut: "#e9b04a",
  pick: "#ff7066",
  range: "#3b2226",
  stop: "#9ba8b5",
  overlay1: "#e9b04a",
  overlay2: "#8d5cf6",
  overlay3: "#b6f5cf",
  overlay4: "#a5748f",
};

/** The SVG attribute for a colour. */
export type Paint = "fill" | "stroke";

/**
 * The attributes for the colour of an element. The colour is a presentation attribute, which every SVG renderer supports. The
 * class allows a style element to change it.
 */
export function paint(theme: Theme, role: Role, as: Paint): string {
  const colours = theme === "dark" ? DARK : LIGHT;
  const other = as === "stroke" ? ` fill="none"` : "";
  return `class="fulmine-${as}-${role}" ${as}="${colours[role]}"${other}`;
}

/** The style element that sets dark colours for the theme `"auto"`; empty for other themes. */
export function themeStyle(theme: Theme): string {
  if (theme !== "auto") return "";
  const rules = Object.entries(DARK).flatMap(([role, colour]) =>
    (["fill", "stroke"] as const).map((as) => `.fulmine-auto .fulmine-${as}-${role}{${as}:${colour}}`),
  );
  return `<style>@media (prefers-color-scheme:dark){${rules.join("")}}</style>`;
}
