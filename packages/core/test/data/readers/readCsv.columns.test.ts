import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { DataLoader } from "@fulmine/core";
import { readCsv } from "../../../src/data/readers/readCsv.js";

describe("a CSV column that is called as every object's members are", () => {
  test.each(["constructor", "__proto__", "hasOwnProperty", "toString", "valueOf"])("%s", async (name) => {
    const text = `${name},points\nferrari,5\nlotus,3\n`;
    const { fields, columns, classes } = readCsv(text);
    expect(columns).toEqual([name, "points"]);
    expect(Object.entries(fields).map(([key]) => key)).toEqual([name, "points"]);
    expect(Object.entries(classes)).toEqual([[name, ["ferrari", "lotus"]]]);
    for await (const batch of new DataLoader(fields)) {
      expect(Object.keys(batch)).toEqual([name, "points"]);
      tf.dispose(batch);
    }
    const labelled = readCsv(text, { label: name });
    expect([...labelled.fields.ys.values]).toEqual([0, 1]);
    expect(Object.entries(labelled.classes)).toEqual([[name, ["ferrari", "lotus"]]]);
    const own = Object.fromEntries([[name, ["lotus", "ferrari"]]]);
    expect([...readCsv(text, { label: name, classes: own }).fields.ys.values]).toEqual([1, 0]);
  });
});
