import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, test } from "vitest";
import { DataLoader } from "@fulmine/core";
import { readParquet } from "@fulmine/core/node";

type Columns = Parameters<typeof parquetWriteBuffer>[0]["columnData"];

const write = (columnData: Columns, codec: "SNAPPY" | "GZIP" = "SNAPPY"): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      ...{ columnData, codec, rowGroupSize: 2 },
      // The writer compresses only with Snappy by itself.
      ...(codec === "GZIP" ? { compressors: { GZIP: (bytes) => gzipSync(bytes) } } : {}),
    }),
  );

const flowers: Columns = [
  { name: "length", data: [5.1, 7, 6.3], type: "DOUBLE" },
  { name: "petals", data: [5n, 4n, 6n], type: "INT64" },
  { name: "isWild", data: [true, false, true], type: "BOOLEAN" },
  { name: "species", data: ["setosa", "virginica", "setosa"], type: "STRING" },
];

describe("readParquet", () => {
  test("makes a field of each column, over several row groups", async () => {
    const { fields, columns, classes } = await readParquet(write(flowers));
    expect(columns).toEqual(["length", "petals", "isWild", "species"]);
    expect(fields["length"]).toEqual({ values: Float32Array.of(5.1, 7, 6.3), shape: [3] });
    expect(fields["petals"]).toEqual({ values: Int32Array.of(5, 4, 6), shape: [3] });
    expect(fields["isWild"]?.values).toEqual(Int32Array.of(1, 0, 1));
    expect(fields["species"]?.values).toEqual(Int32Array.of(0, 1, 0));
    expect(classes).toEqual({ species: ["setosa", "virginica"] });
  });

  test("makes xs and ys with a label, of the columns that are wanted, in their order", async () => {
    const { fields, columns } = await readParquet(write(flowers), {
      label: "species",
      columns: ["petals", "length"],
      classes: { species: ["virginica", "setosa"] },
    });
    expect(columns).toEqual(["petals", "length"]);
    expect(fields.xs).toEqual({ values: Float32Array.of(5, 5.1, 4, 7, 6, 6.3), shape: [3, 2] });
    expect(fields.ys.values).toEqual(Int32Array.of(1, 0, 1));
    expect(new DataLoader(fields).size).toBe(3);
  });

  test("makes rows of lists, such as embeddings", async () => {
    const lists: Columns = [
      {
        name: "vector",
        data: [
          [1, 2],
          [3, 4.5],
          [5, 6],
        ],
      },
      { name: "size", data: [7, 8, 9], type: "INT32" },
    ];
    const plain = await readParquet(write(lists));
    expect(plain.fields["vector"]).toEqual({ values: Float32Array.of(1, 2, 3, 4.5, 5, 6), shape: [3, 2] });
    const { fields } = await readParquet(write([...lists, { name: "y", data: [0, 1, 1], type: "INT32" }]), {
      label: "y",
    });
    expect(fields.xs).toEqual({ values: Float32Array.of(1, 2, 7, 3, 4.5, 8, 5, 6, 9), shape: [3, 3] });
  });

  test("keeps integers in lists, such as tokens, as integers", async () => {
    const file = new Uint8Array(
      parquetWriteBuffer({
        // Of the last two numbers float32 has only one.
        columnData: [
          {
            name: "tokens",
            data: [
              [1n, 2n],
              [16777216n, 16777217n],
            ],
          },
        ],
        schema: [
          { name: "root", num_children: 1 },
          { name: "tokens", repetition_type: "OPTIONAL", converted_type: "LIST", num_children: 1 },
          { name: "list", repetition_type: "REPEATED", num_children: 1 },
          { name: "element", type: "INT64", repetition_type: "OPTIONAL" },
        ],
      }),
    );
    expect((await readParquet(file)).fields["tokens"]).toEqual({
      values: Int32Array.of(1, 2, 16777216, 16777217),
      shape: [2, 2],
    });
  });

  test("reads other codecs with the package that knows them, and bytes within a larger buffer", async () => {
    const file = write(flowers, "GZIP");
    const larger = new Uint8Array(file.length + 10);
    larger.set(file, 7);
    const { fields } = await readParquet(larger.subarray(7, 7 + file.length));
    expect(fields["petals"]?.values).toEqual(Int32Array.of(5, 4, 6));
  });

  test("fills missing numbers with a value", async () => {
    const file = write([{ name: "a", data: [1, null, 3], type: "INT32" }]);
    expect((await readParquet(file, { empty: -1 })).fields["a"]?.values).toEqual(Int32Array.of(1, -1, 3));
    await expect(readParquet(file)).rejects.toThrow(
      "Row 1, column `a` of the Parquet file must be a number. Received: null. Fill it in, or set",
    );
  });

  const whole = write(flowers);
  const bad: [string, () => Promise<unknown>, string][] = [
    ["no bytes", () => readParquet(new Uint8Array()), "The Parquet file has no bytes."],
    [
      "another format",
      () => readParquet(new TextEncoder().encode("a,b\n1,2\n3,4\n")),
      "The Parquet file can't be read: ",
    ],
    ["a truncated file", () => readParquet(whole.subarray(0, 90)), "The Parquet file can't be read: "],
    [
      "damaged data",
      () => readParquet(whole.map((byte, at) => (at > 4 && at < 40 ? 0xff : byte))),
      "The Parquet file can't be read: ",
    ],
    [
      "a column that is not there",
      () => readParquet(whole, { label: "kind" }),
      "no column `kind`. Its columns are: length, petals, isWild, species.",
    ],
    ["classes of no column", () => readParquet(whole, { classes: { kind: ["a"] } }), "no column `kind`"],
    [
      "a text of no class",
      () => readParquet(whole, { classes: { species: ["setosa"] } }),
      'Row 1, column `species` of the Parquet file must be one of its classes. Received: "virginica".',
    ],
    [
      "an integer beyond int32",
      () => readParquet(write([{ name: "id", data: [1n, 2n ** 40n], type: "INT64" }])),
      "Row 1, column `id` of the Parquet file must be an integer that int32 can hold. Received: 1099511627776.",
    ],
    [
      "a time",
      () => readParquet(write([{ name: "at", data: [new Date(0)], type: "TIMESTAMP" }])),
      "Row 0, column `at` of the Parquet file must be a number.",
    ],
    [
      "lists of different lengths",
      () => readParquet(write([{ name: "v", data: [[1, 2], [3]] }])),
      "Row 1, column `v` of the Parquet file must be a list of 2 numbers, as in the first.",
    ],
    [
      "no rows",
      () => readParquet(write([{ name: "a", data: [], type: "INT32" }])),
      "The Parquet file has no rows.",
    ],
    [
      "an unknown option",
      () => readParquet(whole, { header: true } as never),
      "`readParquet` has no option `header`",
    ],
  ];
  test.each(bad)("refuses %s", async (_, read, message) => {
    await expect(read()).rejects.toThrow(message);
  });
});
