import { expect, test } from "vitest";
import { counted } from "../../src/errors/counted.js";

test("a count has the singular for one thing only", () => {
  expect([0, 1, 2, 1234].map((count) => counted(count, "epoch"))).toEqual([
    ...["0 epochs", "1 epoch", "2 epochs", "1,234 epochs"],
  ]);
  expect([1, 3].map((count) => counted(count, "batch", "batches"))).toEqual(["1 batch", "3 batches"]);
});
