import * as v from "valibot";
import { FulmineError } from "../fulmineError.js";
import type { OptionEntries } from "../trainerOptions.js";

/** How a path that must be given is checked. */
export const pathOption = v.pipe(
  v.string("must be the path of a folder or file"),
  v.nonEmpty("must be the path of a folder or file"),
);

/**
 * Checks a logger's options.
 *
 * @throws {@link FulmineError} `UNKNOWN_OPTION` or `INVALID_OPTION`, naming the logger and the option.
 */
export function checkLoggerOptions(logger: string, options: object, entries: OptionEntries): void {
  for (const [name, value] of Object.entries(options)) {
    if (Object.hasOwn(entries, name)) continue;
    throw new FulmineError("UNKNOWN_OPTION", `${logger} has no option \`${name}\`.`, {
      received: value,
      todo: `It takes: ${Object.keys(entries).join(", ")}.`,
    });
  }
  for (const [name, schema] of Object.entries(entries)) {
    const value: unknown = Reflect.get(options, name);
    const result = v.safeParse(schema, value);
    if (result.success) continue;
    throw new FulmineError("INVALID_OPTION", `\`${name}\` of ${logger} ${result.issues[0].message}.`, {
      received: value,
    });
  }
}
