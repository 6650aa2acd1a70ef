import { describe, expect, test } from "vitest";
import { findLrField, getHparam, setHparam } from "@fulmine/core/plugin";

describe("the field of the learning rate", () => {
  test("is `lr`, else `learningRate`, else the one that is named", () => {
    expect(findLrField({ lr: 1, learningRate: 2 })).toBe("lr");
    expect(findLrField({ learningRate: 2 })).toBe("learningRate");
    expect(findLrField({ optim: { lr: 1 } }, "optim.lr")).toBe("optim.lr");
    expect(findLrField({ "a.b": 1 }, "a.b")).toBe("a.b");
  });

  test("can be read and written by its path", () => {
    const hparams = { optim: { lr: 1 } };
    setHparam(hparams, "optim.lr", 2);
    expect(hparams.optim.lr).toBe(2);
    expect(getHparam(hparams, "optim.lr")).toBe(2);
  });

  const bad: [string, object, string | undefined, string][] = [
    ["is missing", { hidden: 3 }, undefined, "`hparams` has neither `lr` nor `learningRate`"],
    [
      "does not exist where it is named",
      { lr: 1 },
      "optim.lr",
      "`hparams.optim.lr`, the field for the learning rate, does not exist",
    ],
    [
      "is no number",
      { lr: "fast" },
      undefined,
      '`hparams.lr` must be a number, because it is the field for the learning rate. Received: "fast"',
    ],
    [
      "is frozen",
      { optim: Object.freeze({ lr: 1 }) },
      "optim.lr",
      "`hparams.optim.lr` can't be written: it is frozen or read-only",
    ],
  ];
  test.each(bad)("that %s is an error", (_, hparams, path, message) => {
    expect(() => findLrField(hparams, path)).toThrow(message);
  });
});
