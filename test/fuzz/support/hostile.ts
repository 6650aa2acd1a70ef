import fc from "fast-check";

/** What functions and getters of the user's throw here. */
export class OwnError extends Error {}

/** Makes a value; shown by its source where a case fails. */
export type Making = () => unknown;

function circularList(): unknown {
  const list: unknown[] = [1];
  list.push(list);
  return list;
}

function circularObject(): unknown {
  const object: Record<string, unknown> = { a: 1 };
  object["self"] = object;
  return object;
}

function throws(): never {
  throw new OwnError("not to be looked at");
}

const makings: readonly Making[] = [
  () => null,
  () => undefined,
  () => true,
  () => false,
  () => NaN,
  () => Infinity,
  () => -Infinity,
  () => 0,
  () => -0,
  () => 1,
  () => -1,
  () => 0.5,
  () => 1e-320,
  () => 1e308,
  () => 2 ** 31,
  () => 2 ** 53,
  () => Number.MAX_SAFE_INTEGER,
  () => "",
  () => "3",
  () => "0.1",
  () => "constructor",
  () => "__proto__",
  () => "x".repeat(5000),
  () => "line\nbreak",
  () => [],
  () => ["1"],
  () => Array<unknown>(2),
  () => [0.9, "0.999"],
  () => [NaN, 1, 2],
  () => [[[[[1]]]]],
  () => Array.from({ length: 1000 }, (_, at) => at),
  () => ({}),
  () => ({ length: 2 ** 40 }),
  () => ({ length: "3" }),
  () => Object.create(null) as unknown,
  () => JSON.parse('{"__proto__": {"polluted": true}}') as unknown,
  () => ({ constructor: 1, toString: 2, valueOf: 3 }),
  () => ({ get lr() { return throws(); } }), // prettier-ignore
  () => ({ toString: throws, valueOf: throws, [Symbol.toPrimitive]: throws }),
  () => ({ then: 1 }),
  () => new Proxy({}, { get: throws, ownKeys: throws, getPrototypeOf: throws, has: throws }),
  () => new Proxy([], { get: throws }),
  () => circularList(),
  () => circularObject(),
  () => Symbol("symbol"),
  () => 3n,
  () => 10n ** 200n,
  () => () => undefined,
  () => throws,
  () => new Date(NaN),
  () => new Map([["lr", 1]]),
  () => new Set([1]),
  () => new Float32Array(3),
  () => new Float32Array(0),
  () => Uint32Array.of(2 ** 32 - 1),
  () => new ArrayBuffer(8),
  () => new AbortController(),
  () => new Error("an error for a value"),
  () => Promise.resolve(1),
  () => /x/g,
  () =>
    new (class Named {
      readonly name = 1;
    })(),
];

/** Values that nobody should pass, and that somebody will. */
export const hostile: fc.Arbitrary<Making> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...makings) },
  { weight: 1, arbitrary: fc.anything({ withBigInt: true, withNullPrototype: true }).map(shown) },
);

/** A making that is shown by what it makes. */
function shown(value: unknown): Making {
  const make = (): unknown => value;
  return Object.assign(make, { [fc.toStringMethod]: () => `() => ${fc.stringify(value)}` });
}
