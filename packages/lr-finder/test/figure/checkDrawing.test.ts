import { FulmineError } from "@fulmine/core";
import { describe, expect, test } from "vitest";
import { toHtml } from "../../src/figure/html/toHtml.js";
import { toSvg } from "../../src/figure/svg/toSvg.js";
import { toTerminal } from "../../src/figure/terminal/toTerminal.js";
import { toPng } from "../../src/figure/toPng.js";
import { typical } from "../support/sweeps.js";

describe("an output format refuses", () => {
  const data = { curve: typical };
  const bad: [string, () => unknown, string][] = [
    ["null", () => toSvg(data, null as never), "`toSvg` takes its options as an object"],
    [
      "a string as width",
      () => toSvg(data, { width: "720" as never }),
      "`width` of `toSvg` must be a number from",
    ],
    ["a width of NaN", () => toSvg(data, { width: NaN }), "`width` of `toSvg`"],
    ["a height below 0", () => toSvg(data, { height: -1 }), "`height` of `toSvg`"],
    ["an unknown theme", () => toSvg(data, { theme: "blue" as never }), '"light" or "dark" or "auto"'],
    ["a misspelt option", () => toHtml(data, { colour: "red" } as never), "`toHtml` has no option `colour`"],
    [
      "billions of columns",
      () => toTerminal(data, { columns: 1e9 }),
      "`columns` of `toTerminal` must be a number",
    ],
    ["a string as a flag", () => toTerminal(data, { colour: "red" as never }), "must be true or false"],
  ];
  test.each(bad)("%s", (_, draw, message) => {
    expect(draw).toThrow(FulmineError);
    expect(draw).toThrow(message);
  });

  test("an image with billions of pixels, or one that follows the system", async () => {
    await expect(toPng(data, { scale: 1e6 })).rejects.toThrow("`scale` of `toPng` must be a number from");
    await expect(toPng(data, { theme: "auto" as never })).rejects.toThrow('must be "light" or "dark"');
  });
});
