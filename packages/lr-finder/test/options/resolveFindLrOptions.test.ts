import { describe, expect, test } from "vitest";
import { FulmineError } from "@fulmine/core";
import type { FindLrOptions } from "../../src/options/findLrOptions.js";
import { resolveFindLrOptions } from "../../src/options/resolveFindLrOptions.js";
import { refusedOptions } from "../support/refusedOptions.js";

describe("the options of a search", () => {
  test.each(refusedOptions)("can't be %s", (_, options, message) => {
    expect(() => resolveFindLrOptions(options as FindLrOptions)).toThrow(FulmineError);
    expect(() => resolveFindLrOptions(options as FindLrOptions)).toThrow(message);
  });
});
