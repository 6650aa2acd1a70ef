import { checkOptions } from "./checkOptions.js";
import { requireSettings } from "./requireSettings.js";
import type { Requirements } from "./requirements.js";

/**
 * Lays what the user gave over the defaults, and checks it all.
 *
 * @param name - Whose settings they are, for messages.
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the setting.
 */
export function readOptions<Given extends object, Defaults extends object>(
  name: string,
  given: Given,
  defaults: Defaults,
  requirements: Requirements,
): Required<Pick<Given, keyof Given & keyof Defaults>> & Omit<Given, keyof Defaults> {
  const set = requireSettings(given, name).filter(([, value]) => value !== undefined);
  const options: object = { ...defaults, ...Object.fromEntries(set) };
  checkOptions(options, requirements, name);
  return options as ReturnType<typeof readOptions<Given, Defaults>>;
}
