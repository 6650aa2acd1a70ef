/** The longest text of a value that a message holds. */
const LONGEST = 300;
/** How many items of a list, or keys of an object, are told. */
const MOST_ITEMS = 8;
const MOST_KEYS = 6;
/** How deep lists within lists are told. */
const DEEPEST = 3;

/**
 * A short, one-line text of any value, for messages.
 *
 * It never throws, whatever the value is: circular, without a prototype, with getters or a `toString` that throw.
 */
export function describe(value: unknown): string {
  try {
    return shortened(textOf(value, 0));
  } catch {
    // A getter of the user's, or a Proxy, threw; the error that is being told of matters more.
    return "a value that can't be shown";
  }
}

/** What was thrown, in words: an error's message, or a text of any other value. It never throws. */
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

/** A number of very many digits takes long to write down, so it isn't. */
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

/** The name of a function; a class may have put anything in its place. */
function nameOf(named: { readonly name?: unknown }): string {
  return typeof named.name === "string" ? named.name : "";
}

/** A text of one line that is not too long. */
export function shortened(text: string, longest: number = LONGEST): string {
  const line = text.slice(0, longest + 1).replace(/\p{Cc}|\u2028|\u2029/gu, " ");
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** How many names a message lists. */
const MOST_NAMES = 30;

/** Names in a row, for messages; of very many the first ones and how many there are. */
export function listed(names: readonly string[]): string {
  const told = names
    .slice(0, MOST_NAMES)
    .map((name) => shortened(name))
    .join(", ");
  return names.length <= MOST_NAMES ? told : `${told}, … (${names.length} in all)`;
}
