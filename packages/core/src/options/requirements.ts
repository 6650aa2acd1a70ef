/** What a setting must be, in words and as a test. */
export interface Requirement {
  /** What it must be, to stand after "must be". */
  readonly words: string;
  /** Whether a value is so. */
  readonly holds: (value: unknown) => boolean;
  /** What the reader of the error can do about it, where the words do not say. */
  readonly todo?: string;
}

/** What each setting must be; a setting that is not named is unknown. */
export type Requirements = Readonly<Record<string, Requirement>>;

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

/** Whether a value is an object that has some methods. */
export function isObject(value: unknown, ...methods: readonly string[]): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    methods.every((name) => typeof Reflect.get(value, name) === "function")
  );
}

/** Whether a value is a list whose items are all so; a hole in it is an item too. */
export function isListOf(
  value: unknown,
  holds: (item: unknown, index: number) => boolean,
): value is readonly unknown[] {
  return Array.isArray(value) && Array.from(value).every(holds);
}

/** A whole number. */
export const whole: Requirement = { words: "a whole number", holds: isWhole };

/** A whole number that is not below another. */
export function wholeFrom(least: number): Requirement {
  return {
    words: `a whole number of at least ${least}`,
    holds: (value) => isWhole(value) && value >= least,
  };
}

/** A whole number of at least 1. */
export const count: Requirement = /* @__PURE__ */ wholeFrom(1);

/** A whole number of at least 0. */
export const countOrNone: Requirement = /* @__PURE__ */ wholeFrom(0);

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

/** Any number, such as one that was computed: it may be NaN or infinite. */
export const number: Requirement = { words: "a number", holds: (value) => typeof value === "number" };

/** `null`, or what meets a requirement. */
export function orNull({ words, holds }: Requirement): Requirement {
  return { words: `null or ${words}`, holds: (value) => value === null || holds(value) };
}

/** True or false. */
export const flag: Requirement = {
  words: "true or false",
  holds: (value) => typeof value === "boolean",
};

/** A text that is not empty, such as a path or a name. */
export function text(words = "a text"): Requirement {
  return { words, holds: (value) => typeof value === "string" && value !== "" };
}

/** One of some words. */
export function oneOf(...words: readonly string[]): Requirement {
  return {
    words: words
      .map((word) => JSON.stringify(word))
      .join(", ")
      .replace(/, (?=[^,]*$)/, " or "),
    holds: (value) => typeof value === "string" && words.includes(value),
  };
}

/** Whole numbers of at least 1 by the epoch from which they hold. */
export const countsByEpoch: Requirement = {
  words: "numbers of batches of at least 1 by the epoch from which they hold, e.g. { 0: 8, 4: 1 }",
  holds: (value) =>
    isObject(value) &&
    Object.keys(value).length > 0 &&
    Object.entries(value).every(([epoch, batches]) => /^\d{1,15}$/.test(epoch) && count.holds(batches)),
};

/** Whole numbers of at least 1 that rise. */
export function rising(isStrict: boolean): Requirement {
  return {
    words: `a list of whole numbers of at least 1 that ${isStrict ? "rise" : "do not fall"}`,
    holds: (value) =>
      isListOf(value, count.holds) &&
      value.every((at, index) => {
        const rise = Number(at) - Number(value[index - 1]);
        return index === 0 || (isStrict ? rise > 0 : rise >= 0);
      }),
  };
}

/** An AbortSignal. */
export const signal: Requirement = {
  words: "an AbortSignal",
  holds: (value) => value instanceof AbortSignal,
};

/** A function. */
export function callable(words = "a function"): Requirement {
  return { words, holds: (value) => typeof value === "function" };
}

/** What may also be left out. */
export function optional(requirement: Requirement): Requirement {
  return { ...requirement, holds: (value) => value === undefined || requirement.holds(value) };
}
