import { checkNames, demand } from "../checkNames.js";
import type { Theme } from "./theme.js";

/** The settings of the forms of a figure. */
interface DrawingOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: Theme;
  readonly scale?: number;
  readonly columns?: number;
  readonly rows?: number;
  readonly colour?: boolean;
  readonly warn?: (text: string) => void;
}

/** The least and the greatest of each size. */
const SIZES = {
  width: [100, 20_000],
  height: [100, 20_000],
  scale: [0.01, 20],
  columns: [1, 2000],
  rows: [1, 2000],
} as const;

/**
 * Checks the settings of one form of a figure.
 *
 * @param themes - Those that it can wear.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the setting.
 */
export function checkDrawing(
  owner: string,
  given: DrawingOptions,
  allowed: readonly (keyof DrawingOptions)[],
  themes: readonly Theme[] = ["light", "dark", "auto"],
): void {
  checkNames(owner, given, allowed);
  for (const [name, [least, greatest]] of Object.entries(SIZES)) {
    const size: unknown = given[name as keyof typeof SIZES];
    const holds =
      size === undefined || (Number.isFinite(size) && Number(size) >= least && Number(size) <= greatest);
    demand(owner, name, holds, `must be a number from ${least} to ${greatest}`, size);
  }
  const { theme, colour, warn } = given;
  const isTheme = theme === undefined || themes.includes(theme);
  demand(owner, "theme", isTheme, `must be ${themes.map((one) => `"${one}"`).join(" or ")}`, theme);
  demand(owner, "colour", ["boolean", "undefined"].includes(typeof colour), "must be true or false", colour);
  demand(owner, "warn", ["function", "undefined"].includes(typeof warn), "must be a function", warn);
}
