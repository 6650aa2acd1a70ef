import { describe, expect, test } from "vitest";
import { DataLoader, FulmineError } from "@fulmine/core";
import { readCsv } from "../../../src/data/readers/readCsv.js";
import { readIdx } from "../../../src/data/readers/readIdx.js";
import { readNpy } from "../../../src/data/readers/readNpy.js";

type Write = (view: DataView, at: number, value: number, little: boolean) => void;
const writers: Record<string, [bytes: number, write: Write]> = {
  f4: [4, (view, at, value, little) => view.setFloat32(at, value, little)],
  f8: [8, (view, at, value, little) => view.setFloat64(at, value, little)],
  i1: [1, (view, at, value) => view.setInt8(at, value)],
  i2: [2, (view, at, value, little) => view.setInt16(at, value, little)],
  i4: [4, (view, at, value, little) => view.setInt32(at, value, little)],
  i8: [8, (view, at, value, little) => view.setBigInt64(at, BigInt(value), little)],
  u1: [1, (view, at, value) => view.setUint8(at, value)],
  b1: [1, (view, at, value) => view.setUint8(at, value)],
  u2: [2, (view, at, value, little) => view.setUint16(at, value, little)],
};

/** A file of a head and numbers; it begins in the middle of a buffer, at an odd byte. */
function makeFile(
  head: readonly number[],
  kind: string,
  values: readonly number[],
  little: boolean,
): Uint8Array {
  const [bytes, write] = writers[kind] ?? [0, () => undefined];
  const file = new Uint8Array(new ArrayBuffer(3 + head.length + bytes * values.length), 3);
  file.set(head);
  const view = new DataView(file.buffer, file.byteOffset);
  for (const [index, value] of values.entries()) write(view, head.length + bytes * index, value, little);
  return file;
}

function makeIdx(
  code: number,
  kind: string,
  shape: readonly number[],
  values: readonly number[],
): Uint8Array {
  const sizes = shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]);
  return makeFile([0, 0, code, shape.length, ...sizes], kind, values, false);
}

interface NpyOptions {
  readonly version?: number;
  readonly fortran?: boolean;
  readonly descr?: string;
}

function makeNpy(
  kind: string,
  shape: readonly number[],
  values: readonly number[],
  options: NpyOptions = {},
): Uint8Array {
  const { version = 1, fortran = false, descr = `<${kind}` } = options;
  const sizes = shape.length === 1 ? `${shape.join()},` : shape.join(", ");
  const order = fortran ? "True" : "False";
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${sizes}), }`;
  const start = version === 1 ? 10 : 12;
  const padded = text.padEnd(Math.ceil((start + text.length + 1) / 64) * 64 - start - 1) + "\n";
  const { length } = padded;
  const bytes = version === 1 ? [length & 255, length >> 8] : [length & 255, length >> 8, 0, 0];
  const head = [0x93, ...new TextEncoder().encode("NUMPY"), version, 0, ...bytes];
  return makeFile([...head, ...new TextEncoder().encode(padded)], kind, values, !descr.startsWith(">"));
}

function expectErrors(cases: [string, () => unknown, string][]): void {
  test.each(cases)("refuses %s", (_, read, message) => {
    expect(read).toThrow(FulmineError);
    expect(read).toThrow(message);
  });
}

describe("readIdx", () => {
  const kinds: [number, string, unknown, number[]][] = [
    [0x08, "u1", Uint8Array, [0, 7, 255, 1, 2, 3]],
    [0x09, "i1", Int8Array, [0, -7, 127, 1, 2, -128]],
    [0x0b, "i2", Int16Array, [0, -700, 32767, 1, 2, 3]],
    [0x0c, "i4", Int32Array, [0, -7e8, 2147483647, 1, 2, 3]],
    [0x0d, "f4", Float32Array, [0, -0.5, 1e20, NaN, 2, 3].map(Math.fround)],
    [0x0e, "f8", Float64Array, [0, -0.1, 1e200, Infinity, 2, 3]],
  ];
  test.each(kinds)("reads kind 0x%s as %s", (code, kind, type, values) => {
    const { values: read, shape } = readIdx(makeIdx(code, kind, [3, 2], values));
    expect(read).toBeInstanceOf(type);
    expect([...read]).toEqual(values);
    expect(shape).toEqual([3, 2]);
  });

  test("takes an ArrayBuffer, and gives a DataLoader its field", () => {
    const file = makeIdx(0x08, "u1", [2, 2, 1], [1, 2, 3, 4]).slice();
    expect(new DataLoader({ xs: readIdx(file.buffer) }).size).toBe(2);
  });

  const good = makeIdx(0x08, "u1", [4], [1, 2, 3, 4]);
  expectErrors([
    ["nothing", () => readIdx(new Uint8Array()), "The IDX file has no bytes."],
    ["a compressed file", () => readIdx(new Uint8Array([0x1f, 0x8b, 8])), "compressed with gzip"],
    [
      "other bytes at its start",
      () => readIdx(new Uint8Array([1, 2, 8, 1])),
      "two zero bytes. Received: [1, 2].",
    ],
    ["an unknown kind", () => readIdx(new Uint8Array([0, 0, 7, 1])), 'at byte 2. Received: "0x7".'],
    ["a cut header", () => readIdx(new Uint8Array([0, 0, 8, 1, 0])), "must have 8 bytes. Received: 5."],
    [
      "cut numbers",
      () => readIdx(good.subarray(0, 11)),
      "must have 12 bytes, as its header says, but has 11. It is truncated",
    ],
    ["too many bytes", () => readIdx(new Uint8Array([...good, 0])), "but has 13. It has extra bytes"],
  ]);
});

describe("readNpy", () => {
  const kinds: [string, unknown, number[]][] = [
    ["f4", Float32Array, [0, -0.5, 1e20, NaN, 2, 3].map(Math.fround)],
    ["f8", Float64Array, [0, -0.1, 1e200, Infinity, 2, 3]],
    ["i1", Int8Array, [0, -7, 127, 1, 2, -128]],
    ["i2", Int16Array, [0, -700, 32767, 1, 2, 3]],
    ["i4", Int32Array, [0, -7e8, 2147483647, 1, 2, 3]],
    ["i8", Int32Array, [0, -7e8, 2147483647, -2147483648, 2, 3]],
    ["u1", Uint8Array, [0, 7, 255, 1, 2, 3]],
    ["u2", Uint16Array, [0, 7, 65535, 1, 2, 3]],
    ["b1", Uint8Array, [0, 1, 1, 0, 0, 1]],
  ];
  for (const version of [1, 2, 3]) {
    test.each(kinds)(`reads %s, version ${version}`, (kind, type, values) => {
      const { values: read, shape } = readNpy(makeNpy(kind, [3, 2], values, { version }));
      expect(read).toBeInstanceOf(type);
      expect([...read]).toEqual(values);
      expect(shape).toEqual([3, 2]);
    });
  }

  test("reads big-endian numbers, vectors and scalars", () => {
    expect([...readNpy(makeNpy("i4", [2], [1, -2], { descr: ">i4" })).values]).toEqual([1, -2]);
    expect(readNpy(makeNpy("f4", [2], [1, 2])).shape).toEqual([2]);
    expect(readNpy(makeNpy("f4", [], [7]))).toEqual({ values: new Float32Array([7]), shape: [] });
  });

  test("puts Fortran order into C order", () => {
    const shape = [2, 3, 4];
    const at = (i: number, j: number, k: number): number => 100 * i + 10 * j + k;
    const [fortran, c]: [number[], number[]] = [[], []];
    for (let k = 0; k < 4; k++)
      for (let j = 0; j < 3; j++) for (let i = 0; i < 2; i++) fortran.push(at(i, j, k));
    for (let i = 0; i < 2; i++) for (let j = 0; j < 3; j++) for (let k = 0; k < 4; k++) c.push(at(i, j, k));
    expect([...readNpy(makeNpy("i2", shape, fortran, { fortran: true })).values]).toEqual(c);
  });

  const good = makeNpy("f4", [2], [1, 2]);
  expectErrors([
    ["another file", () => readNpy(new Uint8Array([80, 75, 3, 4])), "must begin with the bytes 0x93 NUMPY"],
    [
      "an unknown version",
      () => readNpy(good.map((byte, at) => (at === 6 ? 9 : byte))),
      "at byte 6 must be 1, 2 or 3",
    ],
    ["a cut header", () => readNpy(good.subarray(0, 40)), "ends within its header, at byte 40"],
    ["cut numbers", () => readNpy(good.subarray(0, good.length - 1)), "must have 136 bytes"],
    [
      "text",
      () => readNpy(makeNpy("f4", [1], [1], { descr: "<U5" })),
      'integers or booleans. Received: "<U5"',
    ],
    ["half floats", () => readNpy(makeNpy("f4", [1], [1], { descr: "<f2" })), 'Received: "<f2"'],
    [
      "numbers too large",
      () => readNpy(makeNpy("i8", [2], [1, 2 ** 40])),
      "at byte 136 that int32 can't hold. Received: 1099511627776",
    ],
  ]);
});

describe("readCsv", () => {
  test("reads columns as what they are", () => {
    const { fields, columns, classes } = readCsv('id,height,"kind"\r\n1,1.5,b\r\n-2,2,a\r\n\r\n3,3e1,b\r\n');
    expect(columns).toEqual(["id", "height", "kind"]);
    expect(fields).toEqual({
      id: { values: Int32Array.of(1, -2, 3), shape: [3] },
      height: { values: Float32Array.of(1.5, 2, 30), shape: [3] },
      kind: { values: Int32Array.of(1, 0, 1), shape: [3] },
    });
    expect(classes).toEqual({ kind: ["a", "b"] });
  });

  test("joins all columns but the label into rows", async () => {
    const { fields, columns } = readCsv("a,y,b\n1,0,2\n3,1,4\n", { label: "y" });
    expect(fields.xs).toEqual({ values: Float32Array.of(1, 2, 3, 4), shape: [2, 2] });
    expect(fields.ys).toEqual({ values: Int32Array.of(0, 1), shape: [2] });
    expect(columns).toEqual(["a", "b"]);
    expect(new DataLoader(fields).length).toBe(1);
  });

  test("reads quotes, delimiters and line breaks within cells, and a byte order mark", () => {
    const text = '\uFEFF"the ""name""";n\n"a;\r\nb";1\n"";2\n" c ";3';
    const { fields, classes } = readCsv(text, { delimiter: ";" });
    expect(classes).toEqual({ 'the "name"': ["", " c ", "a;\r\nb"] });
    expect([...(fields["n"]?.values ?? [])]).toEqual([1, 2, 3]);
  });

  test("takes names beside the text, or none, and chooses columns", () => {
    expect(readCsv("1,2\n3,4", { header: false }).columns).toEqual(["0", "1"]);
    const chosen = readCsv("1,x,2\n3,y,4", { header: ["a", "t", "b"], columns: ["b", "a"], label: "t" });
    expect(chosen.fields.xs.values).toEqual(Float32Array.of(2, 1, 4, 3));
    expect(chosen.classes).toEqual({ t: ["x", "y"] });
  });

  test("takes classes as given, and empty cells as told", () => {
    const { fields } = readCsv("k,n\nno,1\nyes,\n", { classes: { k: ["yes", "no"] }, empty: -1 });
    expect([...(fields["k"]?.values ?? [])]).toEqual([1, 0]);
    expect([...(fields["n"]?.values ?? [])]).toEqual([1, -1]);
  });

  test("an empty last cell counts", () => {
    expect([...(readCsv("a,b\n1,2\n3,", { empty: 0 }).fields["b"]?.values ?? [])]).toEqual([2, 0]);
  });

  expectErrors([
    ["text without rows", () => readCsv("a,b\n"), "The CSV text has no row of data."],
    [
      "rows of unequal length",
      () => readCsv("a,b\n1,2\n3\n"),
      "Line 3 of the CSV text must have 2 cells. Received: 1.",
    ],
    [
      "a word among numbers",
      () => readCsv("a\n1\nx\n"),
      'Line 3, column `a` of the CSV text must be a number. Received: "x".',
    ],
    [
      "an empty cell",
      () => readCsv("a,b\n1,2\n,4\n"),
      "Line 3, column `a` of the CSV text must be a number.",
    ],
    ["an unknown class", () => readCsv("a\nx\n", { classes: { a: ["y"] } }), "Line 2, column `a`"],
    ["an open quote", () => readCsv('a\n1\n"2\n'), "Line 3 of the CSV text has an unclosed quote."],
    [
      "text after a quote",
      () => readCsv('a\n"1"2\n'),
      "Line 2 of the CSV text has characters after a closing quote.",
    ],
    [
      "a column that is not there",
      () => readCsv("a\n1\n", { label: "y" }),
      "has no column `y`. Its columns are: a.",
    ],
    ["a name that is there twice", () => readCsv("a,a\n1,2\n"), "more than one column `a`"],
    [
      "a delimiter of two characters",
      () => readCsv("a\n1", { delimiter: "::" }),
      "`delimiter` of `readCsv` must be one character",
    ],
  ]);

  test("counts lines within quotes", () => {
    expect(() => readCsv('a,b\n"x\ny",1\nz,w\n')).toThrow(
      'Line 4, column `b` of the CSV text must be a number. Received: "w".',
    );
  });
});
