import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataLoader, FulmineError } from "@fulmine/core";
import { readCsv, type CsvOptions } from "../../../src/data/readers/readCsv.js";
import { readIdx } from "../../../src/data/readers/readIdx.js";
import { readNpy } from "../../../src/data/readers/readNpy.js";

/** A .npy file of float32 whose header says what is given. */
function npyOf(shape: string, count: number, version = 1, descr = "<f4"): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': True, 'shape': (${shape}), }\n`;
  const start = version === 1 ? 10 : 12;
  const file = new Uint8Array(start + text.length + 4 * count);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  const view = new DataView(file.buffer);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  file.set(new TextEncoder().encode(text), start);
  return file;
}

function idxOf(sizes: readonly number[], count: number): Uint8Array {
  const file = new Uint8Array(4 + 4 * sizes.length + count);
  file.set([0, 0, 8, sizes.length]);
  const view = new DataView(file.buffer);
  for (const [axis, size] of sizes.entries()) view.setUint32(4 + 4 * axis, size);
  return file;
}

/** A FulmineError, or what was made. */
function outcome<T>(make: () => T): T | FulmineError {
  try {
    return make();
  } catch (error) {
    if (error instanceof FulmineError) return error;
    throw error;
  }
}

describe("the sizes in a .npy file", () => {
  test.each(["-3, -4", "0.5, 24", "0xc,", "1e1", "3,,4", "3 4", "a", "NaN,", "9007199254740993,", ",3", ","])(
    "(%s) are refused",
    (shape) => {
      expect(() => readNpy(npyOf(shape, 12))).toThrow(FulmineError);
      expect(() => readNpy(npyOf(shape, 12))).toThrow(
        "`shape` must have at most 64 dimensions, all integers of at least 0",
      );
    },
  );

  test.each(["100000000000,", "4294967295, 4294967295", `${"9999999999, ".repeat(40)}2`])(
    "(%s), which the file does not hold, make nothing",
    (shape) => {
      expect(() => readNpy(npyOf(shape, 12))).toThrow(/must have .* bytes, as its header says/);
    },
  );

  test("may be 0, beside any others, and have the L of Python 2", () => {
    expect(readNpy(npyOf("3L, 4L", 12)).shape).toEqual([3, 4]);
    expect(readNpy(npyOf(`${"9999999999, ".repeat(40)}0`, 0)).values).toHaveLength(0);
    expect(() => new DataLoader({ xs: readNpy(npyOf("0, 5", 0)) })).toThrow("`xs` has no rows");
  });

  test("are no more than 64, in a header that is no longer than NumPy's", () => {
    expect(() => readNpy(npyOf("1, ".repeat(65), 1))).toThrow("at most 64 dimensions");
    expect(() => readNpy(npyOf("'shape':(".repeat(2e5), 1, 2))).toThrow("at most 10000 characters");
  });
});

describe("the sizes in an IDX file", () => {
  test.each([[[0xffffffff]], [[0x80000000, 2]], [Array.from({ length: 255 }, () => 0xffffffff)]])(
    "%j, which the file does not hold, make nothing",
    (sizes) => {
      expect(() => readIdx(idxOf(sizes, 12))).toThrow(/must have .* bytes, as its header says/);
    },
  );

  test("may be 0, beside any others", () => {
    const sizes = [...Array.from({ length: 254 }, () => 0xffffffff), 0];
    expect(readIdx(idxOf(sizes, 0))).toEqual({ values: new Uint8Array(0), shape: sizes });
  });
});

describe("what is no file", () => {
  const detached = new ArrayBuffer(8);
  structuredClone(detached, { transfer: [detached] });
  const impostor = { [Symbol.toStringTag]: "ArrayBuffer" };
  test.each([1e12, -1, "text", null, undefined, {}, detached, impostor, [1, 2]])("%s", (given) => {
    for (const read of [readIdx, readNpy])
      expect(() => read(given as never)).toThrow(/The .* file has no bytes/);
  });

  test("a DataView is read", () => {
    expect(readIdx(new DataView(idxOf([2], 2).buffer) as never).shape).toEqual([2]);
  });
});

describe("readCsv refuses", () => {
  const odd: [string, unknown, unknown, string][] = [
    ["no text", undefined, {}, "takes the text of a CSV file. Received: undefined. Decode bytes first"],
    ["bytes", new Uint8Array(3), {}, "takes the text of a CSV file"],
    ["a misspelt option", "a\n1", { delimeter: ";" }, "`readCsv` has no option `delimeter`"],
    ["options that are none", "a\n1", "a", "`readCsv` takes its options as an object"],
    ["a header that is a text", "a\n1", { header: "a" }, "`header` of `readCsv`"],
    ["columns that are a text", "a\n1", { columns: "a" }, "`columns` of `readCsv`"],
    ["a column asked for twice", "a,b\n1,2", { columns: ["a", "a"] }, "distinct column names"],
    ["classes that are a text", "a\nx", { classes: { a: "x" } }, "`classes` of `readCsv`"],
    ["classes of no column", "a\nx", { classes: { b: ["x"] } }, "has no column `b`"],
    ["a class that is there twice", "a\nx", { classes: { a: ["x", "x"] } }, "each class of `a` once"],
    ["a text for an empty cell", "a\n1", { empty: "0" }, "`empty` of `readCsv` must be a number"],
    ["a label that is a number", "a\n1", { label: 0 }, "`label` of `readCsv`"],
    ["a delimiter that is a number", "a\n1", { delimiter: 1 }, "`delimiter` of `readCsv`"],
  ];
  test.each(odd)("%s", (_, text, options, message) => {
    expect(() => readCsv(text as string, options as CsvOptions)).toThrow(FulmineError);
    expect(() => readCsv(text as string, options as CsvOptions)).toThrow(message);
  });

  test("a column among thousands in a message that can be read", () => {
    const names = Array.from({ length: 5000 }, (_, at) => `column${at}`);
    const read = outcome(() => readCsv(`${names.join()}\n${names.join()}`, { label: "y" }));
    expect((read as FulmineError).message.length).toBeLessThan(1000);
  });
});

describe("any bytes or text give a field that a DataLoader takes, or a FulmineError", () => {
  const isRead = (read: unknown): void => {
    if (read instanceof FulmineError) return;
    const { values, shape } = read as ReturnType<typeof readNpy>;
    expect(values.length).toBe(shape.reduce((product, size) => product * size, 1));
    outcome(() => new DataLoader({ xs: { values, shape } }));
  };
  const changed = (file: Uint8Array): fc.Arbitrary<Uint8Array> =>
    fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { maxLength: 4 }).map((changes) => {
      const copy = file.slice();
      for (const [at, byte] of changes) copy[at] = byte;
      return copy;
    });

  test("readNpy", () => {
    fc.assert(fc.property(changed(npyOf("3, 4", 12)), (file) => isRead(outcome(() => readNpy(file)))));
    const sizes = fc.array(fc.oneof(fc.integer(), fc.double(), fc.string()), { maxLength: 4 });
    fc.assert(fc.property(sizes, (some) => isRead(outcome(() => readNpy(npyOf(some.join(", "), 12))))));
  });

  test("readIdx", () => {
    fc.assert(fc.property(changed(idxOf([3, 4], 12)), (file) => isRead(outcome(() => readIdx(file)))));
  });

  test("readCsv", () => {
    const cell = fc.oneof(fc.constantFrom("constructor", "__proto__", "1", "", '"', "\r"), fc.string());
    const text = fc.array(
      fc.array(cell, { maxLength: 3 }).map((cells) => cells.join()),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(text, (lines) => {
        const table = outcome(() => readCsv(lines.join("\n")));
        if (!(table instanceof FulmineError)) outcome(() => new DataLoader(table.fields));
      }),
      { numRuns: 500 },
    );
  });
});
