import fc from "fast-check";
import { expect } from "vitest";
import { DataLoader, FulmineError, readCsv, readIdx, readNpy } from "@fulmine/core";
import { endOf } from "./support/endOf.js";
import { hostile } from "./support/hostile.js";
import { hostileOptions } from "./support/hostileOptions.js";
import { property } from "./support/property.js";

/** Changes, cuts off or repeats some of the bytes of a file. */
const damaged = (file: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc
    .record({
      changes: fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { maxLength: 4 }),
      end: fc.oneof(fc.constant(file.length), fc.nat(file.length)),
    })
    .map(({ changes, end }) => {
      const copy = file.slice();
      for (const [at, byte] of changes) copy[at] = byte;
      return copy.slice(0, end);
    });

const npyHeader = fc.record({
  descr: fc.constantFrom("<f4", "<f8", "|u1", "<i8", ">i2", "|b1", "|O", "<U3", "<c8", "", "f"),
  order: fc.constantFrom("True", "False", "None", "1"),
  shape: fc.array(
    fc.constantFrom("3", "4", "-3", "0.5", "1e9", "0", "9007199254740993", "99999999999", "NaN", "3L", ""),
    { maxLength: 3 },
  ),
  more: fc.constantFrom("", "'__proto__': 1, ", "'constructor': (1,), "),
});

function npyOf({
  descr,
  order,
  shape,
  more,
}: {
  descr: string;
  order: string;
  shape: readonly string[];
  more: string;
}): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, ${more}'shape': (${shape.join(", ")}), }\n`;
  const header = new TextEncoder().encode(text);
  const file = new Uint8Array(10 + header.length + 48);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  file.set(header, 10);
  return file;
}

/** A field that was read has as many values as its shape says, and a DataLoader takes or refuses it. */
async function isField({ values, shape }: ReturnType<typeof readNpy>): Promise<void> {
  expect(values.length).toBe(shape.reduce((product, size) => product * size, 1));
  await endOf(() => new DataLoader({ xs: { values, shape } }));
}

property("a .npy file of any header is read, or refused", 60, npyHeader, (header) =>
  isField(readNpy(npyOf(header))),
);

const good = npyOf({ descr: "<f4", order: "False", shape: ["3", "4"], more: "" });
property("a damaged .npy file is read, or refused", 60, damaged(good), (file) => isField(readNpy(file)));

const idx = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6);
property("a damaged IDX file is read, or refused", 60, damaged(idx), (file) => isField(readIdx(file)));

property("what is no file is refused", 30, hostile, (make) => {
  const value = make();
  for (const read of [readIdx, readNpy]) expect(() => read(value as never)).toThrow(FulmineError);
  if (typeof value !== "string") expect(() => readCsv(value as never)).toThrow(FulmineError);
});

const csvOptions = {
  label: [() => "b", () => "a"],
  columns: [() => ["a", "b"]],
  header: [() => true, () => ["a", "b"]],
  delimiter: [() => ","],
  empty: [() => 0],
  classes: [() => ({ b: ["x", "y"] })],
};
const cell = fc.oneof(
  fc.constantFrom("1", "x", "y", "", '"', "\r", "__proto__", "constructor", "NaN", "1e999"),
  fc.string({ maxLength: 5 }),
);
const lines = fc.array(fc.array(cell, { minLength: 1, maxLength: 3 }), { maxLength: 4 });

property(
  "a table of any cells and options is read, or refused",
  95,
  fc.tuple(lines, hostileOptions(csvOptions)),
  async ([cells, { make }]) => {
    const text = ["a,b", ...cells.map((row) => row.join())].join("\n");
    const { fields, classes } = readCsv(text, make());
    for (const names of Object.values(classes)) expect(new Set(names).size).toBe(names.length);
    for (const field of Object.values(fields)) await isField(field as ReturnType<typeof readNpy>);
    await endOf(() => new DataLoader(fields));
  },
  (end, [, { isMisspelt }]) => {
    if (isMisspelt) expect(end).toBeInstanceOf(FulmineError);
  },
);
