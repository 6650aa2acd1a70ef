import { FulmineError } from "../../errors/fulmineError.js";

/** The values that a checkpoint's name may contain: `epoch`, `step` and metrics. */
export type NamedValues = Readonly<Record<string, number>>;

const placeholder = /\{([^{}:]+)(?::([^{}]*))?\}/g;
const format = /^(0?)(\d*)(?:\.(\d+))?([dfe]?)$/;

/**
 * Fills in a pattern such as `"{epoch}-{val_loss:.2f}"`: each name in braces is replaced by `name=value`. A format such as
 * `:.2f`, `:.1e` or `:03d` may follow the name.
 *
 * @param insertNames - Whether a value is preceded by its name.
 */
export function checkpointName(pattern: string, values: NamedValues, insertNames: boolean): string {
  return pattern.replaceAll(placeholder, (_, name: string, how = "") => {
    const text = formatted(values[name] ?? NaN, how as string);
    // A slash in a metric's name must not create a folder.
    return insertNames ? `${name.replaceAll("/", "_")}=${text}` : text;
  });
}

/**
 * Checks a pattern before training.
 *
 * @throws FulmineError `INVALID_OPTION` for an unknown format.
 */
export function checkPattern(pattern: string): void {
  for (const [whole, , how = ""] of pattern.matchAll(placeholder)) {
    if (format.test(how)) continue;
    throw new FulmineError("INVALID_OPTION", "`filename` of `ModelCheckpoint` has an unknown format.", {
      received: whole,
      todo: "Use e.g. {epoch:03d}, {val_loss:.2f} or {val_loss:.1e}.",
    });
  }
}

function formatted(value: number, how: string): string {
  const [, zero = "", width = "0", digits, type = ""] = format.exec(how) ?? [];
  return textOf(value, type, digits).padStart(Number(width), zero === "" ? " " : zero);
}

function textOf(value: number, type: string, digits: string | undefined): string {
  if (type === "d") return String(Math.round(value));
  if (type === "e") return value.toExponential(Number(digits ?? 6));
  return type === "f" || digits !== undefined ? value.toFixed(Number(digits ?? 6)) : String(value);
}
