/** Checks one option. */
export interface Validator {
  /** The expected value, as it follows "must be" in an error message. */
  readonly expected: string;
  /** Whether a value is valid. */
  readonly test: (value: unknown) => boolean;
  /** How to fix an invalid value, if `expected` does not say so. */
  readonly todo?: string;
  /** Checks the parts of a value that passed the test, and throws an error that names the part. */
  readonly check?: (value: unknown) => void;
}

/** Validators by option name; any other option is unknown. */
export type Validators = Readonly<Record<string, Validator>>;

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);

/** Whether a value is an object with the given methods. */
export function isObject(value: unknown, ...methods: readonly string[]): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    methods.every((name) => typeof Reflect.get(value, name) === "function")
  );
}

/** Whether a value is an array whose items, holes included, all pass a test. */
export function isListOf(
  value: unknown,
  test: (item: unknown, index: number) => boolean,
): value is readonly unknown[] {
  return Array.isArray(value) && Array.from(value).every(test);
}

/**
 * Whether a value is a promise where none is allowed. Its rejection is ignored, because nothing will await the promise and
 * an unhandled rejection would end the process.
 */
export function isUnwantedPromise(value: unknown): value is Promise<unknown> {
  if (!(value instanceof Promise)) return false;
  value.catch(() => undefined);
  return true;
}

/** An integer. */
export const integer: Validator = { expected: "an integer", test: isInteger };

/** An integer of at least `least`. */
export function integerFrom(least: number): Validator {
  return {
    expected: `an integer of at least ${least}`,
    test: (value) => isInteger(value) && value >= least,
  };
}

/** An integer of at least 1. */
export const count: Validator = /* @__PURE__ */ integerFrom(1);

/** An integer of at least 0. */
export const nonNegativeInteger: Validator = /* @__PURE__ */ integerFrom(0);

/** A finite number. */
export const finite: Validator = { expected: "a finite number", test: isNumber };

/** A finite number of at least 0. */
export const notNegative: Validator = {
  expected: "a finite number of at least 0",
  test: (value) => isNumber(value) && value >= 0,
};

/** A finite number greater than 0. */
export const positive: Validator = {
  expected: "a finite number above 0",
  test: (value) => isNumber(value) && value > 0,
};

/** A number in the open interval (0, 1). */
export const betweenZeroAndOne: Validator = {
  expected: "a number between 0 and 1",
  test: (value) => isNumber(value) && value > 0 && value < 1,
};

/** A number in the half-open interval [0, 1), such as a momentum. */
export const unitInterval: Validator = {
  expected: "a number from 0 to below 1",
  test: (value) => isNumber(value) && value >= 0 && value < 1,
};

/** Any number, NaN and infinities included. */
export const number: Validator = { expected: "a number", test: (value) => typeof value === "number" };

/** `null`, or a value that another validator accepts. */
export function orNull({ expected, test }: Validator): Validator {
  return { expected: `null or ${expected}`, test: (value) => value === null || test(value) };
}

/** A boolean. */
export const flag: Validator = {
  expected: "true or false",
  test: (value) => typeof value === "boolean",
};

/** A non-empty string, such as a path or a name. */
export function text(expected = "a text"): Validator {
  return { expected, test: (value) => typeof value === "string" && value !== "" };
}

/** One of the given strings. */
export function oneOf(...choices: readonly string[]): Validator {
  return {
    expected: choices
      .map((choice) => JSON.stringify(choice))
      .join(", ")
      .replace(/, (?=[^,]*$)/, " or "),
    test: (value) => typeof value === "string" && choices.includes(value),
  };
}

/** An object that maps epochs to numbers of batches. */
export const countsByEpoch: Validator = {
  expected: "numbers of batches of at least 1 by the epoch from which they hold, e.g. { 0: 8, 4: 1 }",
  test: (value) =>
    isObject(value) &&
    Object.keys(value).length > 0 &&
    Object.entries(value).every(([epoch, batches]) => /^\d{1,15}$/.test(epoch) && count.test(batches)),
};

/** An increasing list of integers of at least 1; equal neighbours are allowed unless `isStrict`. */
export function rising(isStrict: boolean): Validator {
  return {
    expected: `a list of integers of at least 1 that ${isStrict ? "rise" : "do not fall"}`,
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
export function callable(expected = "a function"): Validator {
  return { expected, test: (value) => typeof value === "function" };
}

/** `undefined`, or a value that another validator accepts. */
export function optional(validator: Validator): Validator {
  return { ...validator, test: (value) => value === undefined || validator.test(value) };
}
