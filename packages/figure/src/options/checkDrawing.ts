import { checkOption, checkOptionNames } from "./checkOptions.js";
import type { Theme } from "../svg/theme.js";

/** The options of all output formats. */
export interface DrawingOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: Theme;
  readonly scale?: number;
  readonly columns?: number;
  readonly rows?: number;
  readonly colour?: boolean;
  readonly warn?: (text: string) => void;
}

/** The minimum and maximum of each size. */
const SIZES = {
  width: [100, 20_000],
  height: [100, 20_000],
  scale: [0.01, 20],
  columns: [1, 2000],
  rows: [1, 2000],
} as const;

/**
 * Checks the options of one output format.
 *
 * @param allowed - The options of this format.
 * @param themes - The themes of this format.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function checkDrawing(
  owner: string,
  given: DrawingOptions,
  allowed: readonly (keyof DrawingOptions)[],
  themes: readonly Theme[] = ["light", "dark", "auto"],
): void {
  checkOptionNames(owner, given, allowed);
  for (const [name, [least, greatest]] of Object.entries(SIZES)) {
    const size: unknown = given[name as keyof typeof SIZES];
    const isInRange =
      size === undefined || (Number.isFinite(size) && Number(size) >= least && Number(size) <= greatest);
    checkOption(owner, name, isInRange, `must be a number from ${least} to ${greatest}`, size);
  }
  const { theme, colour, warn } = given;
  const isTheme = theme === undefined || themes.includes(theme);
  checkOption(owner, "theme", isTheme, `must be ${themes.map((one) => `"${one}"`).join(" or ")}`, theme);
  checkOption(
    owner,
    "colour",
    ["boolean", "undefined"].includes(typeof colour),
    "must be true or false",
    colour,
  );
  checkOption(owner, "warn", ["function", "undefined"].includes(typeof warn), "must be a function", warn);
}
