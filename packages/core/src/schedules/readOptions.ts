import { FulmineError } from "../fulmineError.js";

/** What a setting must be, in words and as a test. */
export interface Requirement {
  readonly words: string;
  readonly holds: (value: unknown) => boolean;
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** A whole number of at least 1. */
export const count: Requirement = {
  words: "a whole number of at least 1",
  holds: (value) => isNumber(value) && Number.isInteger(value) && value >= 1,
};

/** A whole number of at least 0. */
export const countOrNone: Requirement = {
  words: "a whole number of at least 0",
  holds: (value) => isNumber(value) && Number.isInteger(value) && value >= 0,
};

/** A finite number. */
export const finite: Requirement = { words: "a finite number", holds: isNumber };

/** A finite number of at least 0. */
export const notNegative: Requirement = {
  words: "a finite number of at least 0",
  holds: (value) => isNumber(value) && value >= 0,
};

/** A finite number above 0. */
export const positive: Requirement = {
  words: "a finite number above 0",
  holds: (value) => isNumber(value) && value > 0,
};

/** A number between 0 and 1, neither included. */
export const betweenZeroAndOne: Requirement = {
  words: "a number between 0 and 1",
  holds: (value) => isNumber(value) && value > 0 && value < 1,
};

/** A number from 0 to below 1, as a momentum is. */
export const share: Requirement = {
  words: "a number from 0 to below 1",
  holds: (value) => isNumber(value) && value >= 0 && value < 1,
};

/** True or false. */
export const flag: Requirement = {
  words: "true or false",
  holds: (value) => typeof value === "boolean",
};

/** One of some words. */
export function oneOf(...words: readonly string[]): Requirement {
  return {
    words: words.map((word) => JSON.stringify(word)).join(" or "),
    holds: (value) => typeof value === "string" && words.includes(value),
  };
}

/** Whole numbers of at least 1 that rise. */
export function rising(isStrict: boolean): Requirement {
  return {
    words: `a list of whole numbers of at least 1 that ${isStrict ? "rise" : "do not fall"}`,
    holds: (value) =>
      Array.isArray(value) &&
      value.every((at, index) => {
        const before: unknown = value[index - 1];
        return count.holds(at) && (index === 0 || (isStrict ? at > Number(before) : at >= Number(before)));
      }),
  };
}

/** What may also be left out. */
export function optional(requirement: Requirement): Requirement {
  return { ...requirement, holds: (value) => value === undefined || requirement.holds(value) };
}

/**
 * Lays what the user gave over the defaults, and checks it all.
 *
 * @param name - The schedule, for messages.
 * @param requirements - What each setting must be; a setting that is not named here is unknown.
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the setting.
 */
export function readOptions<Given extends object, Defaults extends object>(
  name: string,
  given: Given,
  defaults: Defaults,
  requirements: Readonly<Record<string, Requirement>>,
): Required<Pick<Given, keyof Given & keyof Defaults>> & Omit<Given, keyof Defaults> {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const options: Record<string, unknown> = { ...defaults, ...Object.fromEntries(set) };
  for (const key of Object.keys(options)) {
    if (key in requirements) continue;
    throw new FulmineError("UNKNOWN_OPTION", `\`${name}\` has no option \`${key}\`.`, {
      received: options[key],
      todo: `It takes: ${Object.keys(requirements).join(", ")}.`,
    });
  }
  for (const [key, { words, holds }] of Object.entries(requirements)) {
    if (holds(options[key])) continue;
    throw new FulmineError("INVALID_OPTION", `\`${key}\` of \`${name}\` must be ${words}.`, {
      received: options[key],
    });
  }
  return options as ReturnType<typeof readOptions<Given, Defaults>>;
}
