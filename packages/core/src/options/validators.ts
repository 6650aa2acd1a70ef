/** What a setting must be, in words and as a test. */
export interface Validator {
  /** What it must be, to stand after "must be". */
  readonly expected: string;
  /** Whether a value is so. */
  readonly test: (value: unknown) => boolean;
  /** What the reader of the error can do about it, where the words do not say. */
  readonly todo?: string;
}

/** What each setting must be; a setting that is not named is unknown. */
export type Validators = Readonly<Record<string, Validator>>;

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
export const integer: Validator = { expected: "a whole number", test: isWhole };

/** A whole number that is not below another. */
export function integerFrom(least: number): Validator {
  return {
    expected: `a whole number of at least ${least}`,
    test: (value) => isWhole(value) && value >= least,
  };
}

/** A whole number of at least 1. */
export const count: Validator = /* @__PURE__ */ integerFrom(1);

/** A whole number of at least 0. */
export const nonNegativeInteger: Validator = /* @__PURE__ */ integerFrom(0);

/** A finite number. */
export const finite: Validator = { expected: "a finite number", test: isNumber };

/** A finite number of at least 0. */
export const notNegative: Validator = {
  expected: "a finite number of at least 0",
  test: (value) => isNumber(value) && value >= 0,
};

/** A finite number above 0. */
export const positive: Validator = {
  expected: "a finite number above 0",
  test: (value) => isNumber(value) && value > 0,
};

/** A number between 0 and 1, neither included. */
export const betweenZeroAndOne: Validator = {
  expected: "a number between 0 and 1",
  test: (value) => isNumber(value) && value > 0 && value < 1,
};

/** A number from 0 to below 1, as a momentum is. */
export const unitInterval: Validator = {
  expected: "a number from 0 to below 1",
  test: (value) => isNumber(value) && value >= 0 && value < 1,
};

/** Any number, such as one that was computed: it may be NaN or infinite. */
export const number: Validator = { expected: "a number", test: (value) => typeof value === "number" };

/** `null`, or what meets a requirement. */
export function orNull({ expected: words, test: holds }: Validator): Validator {
  return { expected: `null or ${words}`, test: (value) => value === null || holds(value) };
}

/** True or false. */
export const flag: Validator = {
  expected: "true or false",
  test: (value) => typeof value === "boolean",
};

/** A text that is not empty, such as a path or a name. */
export function text(words = "a text"): Validator {
  return { expected: words, test: (value) => typeof value === "string" && value !== "" };
}

/** One of some words. */
export function oneOf(...words: readonly string[]): Validator {
  return {
    expected: words
      .map((word) => JSON.stringify(word))
      .join(", ")
      .replace(/, (?=[^,]*$)/, " or "),
    test: (value) => typeof value === "string" && words.includes(value),
  };
}

/** Whole numbers of at least 1 by the epoch from which they hold. */
export const countsByEpoch: Validator = {
  expected: "numbers of batches of at least 1 by the epoch from which they hold, e.g. { 0: 8, 4: 1 }",
  test: (value) =>
    isObject(value) &&
    Object.keys(value).length > 0 &&
    Object.entries(value).every(([epoch, batches]) => /^\d{1,15}$/.test(epoch) && count.test(batches)),
};

/** Whole numbers of at least 1 that rise. */
export function rising(isStrict: boolean): Validator {
  return {
    expected: `a list of whole numbers of at least 1 that ${isStrict ? "rise" : "do not fall"}`,
    test: (value) =>
      isListOf(value, count.test) &&
      value.every((at, index) => {
        const rise = Number(at) - Number(value[index - 1]);
        return index === 0 || (isStrict ? rise > 0 : rise >= 0);
      }),
  };
}

/** An AbortSignal. */
export const signal: Validator = {
  expected: "an AbortSignal",
  test: (value) => value instanceof AbortSignal,
};

/** A function. */
export function callable(words = "a function"): Validator {
  return { expected: words, test: (value) => typeof value === "function" };
}

/** What may also be left out. */
export function optional(requirement: Validator): Validator {
  return { ...requirement, test: (value) => value === undefined || requirement.test(value) };
}
