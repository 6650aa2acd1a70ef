import type * as resvg from "@resvg/resvg-js";
import { afterEach, describe, expect, test, vi } from "vitest";
import { toPng } from "../../src/figure/toPng.js";
import { auto } from "../../src/rules/auto.js";
import { typical } from "../support/sweeps.js";

const data = { curve: typical, suggestion: auto(typical) };

/** The size in the header of a PNG file. */
const sizeOf = (png: Uint8Array): [width: number, height: number] => {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
};

afterEach(() => {
  vi.doUnmock("@resvg/resvg-js");
  vi.resetModules();
});

describe("a PNG figure", () => {
  test("has two image pixels per pixel by default", async () => {
    const quiet = { warn: () => undefined };
    expect(sizeOf(await toPng(data, quiet))).toEqual([1440, 840]);
    expect(sizeOf(await toPng(data, { ...quiet, width: 400, height: 280, scale: 1 }))).toEqual([400, 280]);
  });

  test("warns if there are no fonts", async () => {
    const { Resvg } = await vi.importActual<typeof resvg>("@resvg/resvg-js");
    vi.doMock("@resvg/resvg-js", () => ({
      Resvg: class extends Resvg {
        constructor(svg: string | Buffer) {
          super(svg, { font: { loadSystemFonts: false } });
        }
      },
    }));
    const warn = vi.fn();
    await toPng(data, { warn });
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("This machine has no fonts"));
  });

  test("names the package to install if resvg is missing", async () => {
    vi.doMock("@resvg/resvg-js", () => {
      throw new Error("Cannot find package");
    });
    await expect(toPng(data)).rejects.toMatchObject({
      name: "FulmineError",
      code: "UNAVAILABLE",
      message: expect.stringContaining("npm install @resvg/resvg-js") as string,
    });
  });

  test("refuses a scale that is not positive", async () => {
    await expect(toPng(data, { scale: 0 })).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });
});
