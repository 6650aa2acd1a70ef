import { describe, expect, test } from "vitest";
import { decodeCheckpoint, encodeCheckpoint } from "@fulmine/core";
import { checkpointOf, codeOf } from "../support/checkpointOf.js";
import { makeTiny, TinyModule } from "../support/tinyModule.js";

describe("a checkpoint's file", () => {
  test("gives back exactly what was put into it", async () => {
    const extra = {
      numbers: [0, -0, 1 / 3, 5e-324, Number.MAX_VALUE, NaN, Infinity, -Infinity],
      arrays: [
        new Float32Array([NaN, -0, 1e-45]),
        new Float64Array([1 / 3]),
        new Int32Array(0),
        new Uint8Array([255]),
      ],
      text: "“ñ” \u0000\n",
      nested: { null: null, true: true, list: [[], {}] },
    };
    const checkpoint = { ...(await checkpointOf(makeTiny(TinyModule))), extra };
    const bytes = await encodeCheckpoint(checkpoint);
    expect(await decodeCheckpoint(bytes)).toEqual(checkpoint);
    expect(await encodeCheckpoint(await decodeCheckpoint(bytes))).toEqual(bytes);
  });

  test("can lie anywhere in a larger buffer, which is left alone", async () => {
    const bytes = await encodeCheckpoint(await checkpointOf(makeTiny(TinyModule)));
    const buffer = new Uint8Array(bytes.length + 3);
    buffer.set(bytes, 3);
    const given = buffer.slice();
    expect(await decodeCheckpoint(buffer.subarray(3))).toEqual(await decodeCheckpoint(bytes));
    expect(buffer).toEqual(given);
  });

  test("can be a Buffer of Node, of which a slice is no copy", async () => {
    class NodeLike extends Uint8Array {
      override slice(start?: number, end?: number): Uint8Array<ArrayBuffer> {
        return super.subarray(start, end);
      }
    }
    const bytes = await encodeCheckpoint(await checkpointOf(makeTiny(TinyModule)));
    expect(await decodeCheckpoint(new NodeLike(bytes))).toEqual(await decodeCheckpoint(bytes));
  });

  test("is refused when it was cut off anywhere, or has more at its end", async () => {
    const bytes = await encodeCheckpoint(await checkpointOf(makeTiny(TinyModule)));
    const lengths = [
      ...Array(80).keys(),
      ...Array.from({ length: 80 }, (_, at) => bytes.length - 1 - at * 89),
    ];
    for (const length of lengths.filter((length) => length >= 0))
      expect(await codeOf(decodeCheckpoint(bytes.subarray(0, length)))).toBe("INVALID_CHECKPOINT");
    expect(await codeOf(decodeCheckpoint(new Uint8Array([...bytes, 0])))).toBe("INVALID_CHECKPOINT");
  });

  test("is refused when any bit of it was flipped", async () => {
    const bytes = await encodeCheckpoint(await checkpointOf(makeTiny(TinyModule)));
    for (let at = 0; at < bytes.length; at += at < 64 ? 1 : 61) {
      const flipped = bytes.slice();
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      expect(await codeOf(decodeCheckpoint(flipped))).toBe("INVALID_CHECKPOINT");
    }
  });

  test.each([
    ["nothing", ""],
    ["JSON", '{"version":1}'],
    ["a longer text", "weights ".repeat(50)],
  ])("is refused when it is %s", async (_, text) => {
    expect(await codeOf(decodeCheckpoint(new TextEncoder().encode(text)))).toBe("INVALID_CHECKPOINT");
  });
});
