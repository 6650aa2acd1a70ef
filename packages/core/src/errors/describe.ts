/** The longest description of a value in a message. */
const LONGEST = 300;
/** The largest number of array items and object keys to show. */
const MOST_ITEMS = 8;
const MOST_KEYS = 6;
/** The largest depth of nested arrays to show. */
const DEEPEST = 3;

/**
 * A short description of any value on one line, for messages.
 *
 * It never throws, even if the value is circular, has no prototype, or has a getter or a `toString` that throws.
 */
export function describe(value: unknown): string {
  try {
    return shortened(textOf(value, 0));
  } catch {
    // A getter or a Proxy threw; the error that is being reported matters more.
    return "a value that can't be shown";
  }
}

/** The message of an error, or a description of any other thrown value. It never throws. */
export function reasonOf(thrown: unknown): string {
  try {
    if (thrown instanceof Error && typeof thrown.message === "string") return thrown.message;
  } catch {
    // As above.
  }
  return typeof thrown === "string" ? shortened(thrown) : describe(thrown);
}

function textOf(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(shortened(value));
    case "bigint":
      return bigintText(value);
    case "symbol":
      return value.toString();
    case "function":
      return `function ${nameOf(value) || "(anonymous)"}`;
    case "object":
      return value === null ? "null" : objectText(value, depth);
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

/** Describes a BigInt; converting a very large one would take too long. */
function bigintText(value: bigint): string {
  const most = 10n ** 100n;
  return value < most && value > -most ? `${value}n` : "a BigInt of more than 100 digits";
}

function objectText(value: object, depth: number): string {
  if (Array.isArray(value)) {
    return value.length <= MOST_ITEMS && depth < DEEPEST
      ? `[${value.map((item: unknown) => textOf(item, depth + 1)).join(", ")}]`
      : `array of ${value.length}`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype === "object" && prototype !== null) {
    const { constructor } = prototype;
    const name = typeof constructor === "function" ? nameOf(constructor) : "";
    if (name !== "Object") return name || "an object of a class without a name";
  }
  const keys = Object.keys(value);
  const told = keys.slice(0, MOST_KEYS).map((name) => shortened(name));
  return `{ ${told.join(", ")}${keys.length > MOST_KEYS ? ", …" : ""} }`;
}

/** The name of a function; a class may redefine `name` as anything. */
function nameOf(named: { readonly name?: unknown }): string {
  return typeof named.name === "string" ? named.name : "";
}

/** A text on one line, cut after `longest` characters. */
export function shortened(text: string, longest: number = LONGEST): string {
  const line = text.slice(0, longest + 1).replace(/\p{Cc}|\u2028|\u2029/gu, " ");
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** The largest number of names in a list. */
const MOST_NAMES = 30;

/** A list of names for messages; of a long list, the first names and the total number. */
export function listed(names: readonly string[]): string {
  const told = names
    .slice(0, MOST_NAMES)
    .map((name) => shortened(name))
    .join(", ");
  return names.length <= MOST_NAMES ? told : `${told}, … (${names.length} in all)`;
}
