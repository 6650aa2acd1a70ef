import fc from "fast-check";
import { describe as group, expect, test } from "vitest";
import {
  adam,
  chainedLr,
  cyclicLr,
  EarlyStopping,
  f1,
  FulmineError,
  ModelCheckpoint,
  perplexity,
  topKAccuracy,
  Trainer,
  WeightAveraging,
  withVariableShapes,
} from "@fulmine/core";
import { describe, listed, reasonOf } from "../../src/errors/describe.js";

const thrower = (): never => {
  throw new Error("not to be looked at");
};
const namelessClass = (): new () => object =>
  class {
    rows = 1;
  };
class Oddly {
  rows = 1;
}
Object.defineProperty(Oddly, "name", { value: 7 });
const circularList: unknown[] = [];
circularList.push(circularList, 1);
const circularObject: Record<string, unknown> = {};
circularObject["itself"] = circularObject;
const revoked = Proxy.revocable([], {});
revoked.revoke();

group("a value in a message", () => {
  const cases: [string, unknown, string][] = [
    ["a circular list", circularList, "[[[array of 2, 1], 1], 1]"],
    ["a circular object", circularObject, "{ itself }"],
    ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), "{ a }"],
    [
      "an object whose `constructor` is data",
      { constructor: "ferrari", points: 5 },
      "{ constructor, points }",
    ],
    [
      "an object whose `constructor` throws",
      Object.defineProperty({}, "constructor", { get: thrower }),
      "{  }",
    ],
    ["an object whose `toString` throws", { toString: thrower }, "{ toString }"],
    [
      "an object whose getter throws",
      Object.defineProperty({}, "a", { get: thrower, enumerable: true }),
      "{ a }",
    ],
    [
      "a list that can't be read",
      Object.defineProperty([1], 0, { get: thrower }),
      "a value that can't be shown",
    ],
    ["a revoked Proxy", revoked.proxy, "a value that can't be shown"],
    ["an instance of a class", new Map(), "Map"],
    ["an instance of a class without a name", new (namelessClass())(), "an object of a class without a name"],
    ["an instance of a class whose name is data", new Oddly(), "an object of a class without a name"],
    ["a BigInt", 12n, "12n"],
    ["a BigInt of very many digits", 10n ** 5000n, "a BigInt of more than 100 digits"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["a function without a name", () => undefined, "function (anonymous)"],
    ["minus zero", -0, "-0"],
    ["text of several lines", "a\nb\u001b[2J", '"a b [2J"'],
    ["keys with line breaks", { "a\nb": 1 }, "{ a b }"],
  ];
  test.each(cases)("%s", (_, value, text) => {
    expect(describe(value)).toBe(text);
  });

  test("a text that is very long is cut", () => {
    expect(describe("x".repeat(1e6)).length).toBeLessThan(310);
    expect(describe({ ["k".repeat(1e6)]: 1 }).length).toBeLessThan(310);
    expect(describe(Array.from({ length: 8 }, () => "x".repeat(1e6))).length).toBeLessThan(310);
  });

  test("is one short line, whatever the value is", () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        const text = describe(value);
        expect(text).not.toMatch(/\n/);
        expect(text.length).toBeGreaterThan(0);
        expect(text.length).toBeLessThan(310);
      }),
      { numRuns: 500 },
    );
  });
});

test("what was thrown is told, whatever it is", () => {
  expect(reasonOf(new Error("no such row"))).toBe("no such row");
  expect(reasonOf("no such row")).toBe("no such row");
  expect(reasonOf(Object.create(null))).toBe("{  }");
  expect(reasonOf(Object.defineProperty(new Error(), "message", { get: thrower }))).toBe("Error");
  expect(reasonOf(Symbol("odd"))).toBe("Symbol(odd)");
});

test("of very many names the first are told, and how many there are", () => {
  expect(listed(["a", "b"])).toBe("a, b");
  expect(listed(Array.from({ length: 1000 }, (_, at) => `c${at}`))).toMatch(/^c0, .*c29, … \(1000 in all\)$/);
});

group("options that can't be read", () => {
  const odd: [string, unknown][] = [
    ["null", null],
    ["a number", 3],
    ["a text", "fast"],
    ["a list", [1]],
    ["a map", new Map([["seed", 1]])],
    ["a function", () => ({})],
    ["a getter that throws", Object.defineProperty({}, "seed", { get: thrower, enumerable: true })],
    ["a Proxy that throws", new Proxy({}, { ownKeys: thrower })],
  ];
  test.each(odd)("%s", (_, options) => {
    for (const make of [() => new Trainer(options as never), () => adam(options as never)]) {
      expect(make).toThrow(FulmineError);
      expect(make).toThrow(/options/);
    }
  });

  test("a value that can't be looked at is not as it must be", () => {
    const logger = new Proxy({}, { get: thrower });
    expect(() => new Trainer({ logger: logger as never })).toThrow("`logger` must be a logger");
    expect(() => new Trainer({ seed: circularList as never })).toThrow("`seed` must be an integer");
  });

  test("an option called `constructor` is unknown like any other", () => {
    expect(() => new Trainer({ constructor: 1 } as never)).toThrow(
      "no option `constructor`. Received: 1. It takes: maxEpochs",
    );
  });

  const makers: [string, (options: never) => unknown][] = [
    ["ModelCheckpoint", (options) => new ModelCheckpoint(options)],
    ["WeightAveraging", (options) => new WeightAveraging(options)],
    ["EarlyStopping", (options) => new EarlyStopping(options)],
    ["cyclicLr", cyclicLr],
    ["chainedLr", chainedLr],
    ["f1", f1],
    ["topKAccuracy", topKAccuracy],
    ["perplexity", perplexity],
    ["withVariableShapes", withVariableShapes],
  ];
  test.each(makers)("%s takes neither null nor a number", (_, make) => {
    for (const options of [null, 7]) expect(() => make(options as never)).toThrow(FulmineError);
  });

  test("a range that a search did not find is none for a cycle", () => {
    expect(() => cyclicLr({ range: null as never })).toThrow("`range` of `cyclicLr` must be two rates");
  });
});
