import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FulmineError } from "@fulmine/core";
import { JsonLinesLogger } from "@fulmine/core/node";

const NOON = new Date("2026-01-31T12:00:00Z");

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "fulmine-loggers-"));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(dir, { recursive: true, force: true });
});

const read = (...parts: string[]): string => readFileSync(join(dir, ...parts), "utf8");

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof FulmineError) return error.code;
    throw error;
  }
  return "nothing was thrown";
}

describe("a JSON lines logger", () => {
  test("writes an object a line", () => {
    vi.useFakeTimers({ now: NOON, toFake: ["Date"] });
    const logger = new JsonLinesLogger({ file: join(dir, "deep", "run.jsonl") });
    logger.logHyperparams({ lr: 0.1, betas: Float32Array.of(0.5, 1) });
    logger.logMetrics({ loss: 0.5, gap: NaN, far: -Infinity }, 50);
    logger.logText("sample", "größe\n", 50);
    logger.finalize();
    const time = '"time":"2026-01-31T12:00:00.000Z"';
    expect(read("deep", "run.jsonl")).toBe(
      [
        `{${time},"hparams":{"lr":0.1,"betas":[0.5,1]}}`,
        `{"step":50,${time},"loss":0.5,"gap":"NaN","far":"-Infinity"}`,
        `{"step":50,${time},"name":"sample","text":"größe\\n"}`,
        "",
      ].join("\n"),
    );
  });

  test.each([
    ["takes away a line that a killed process left unfinished", '{"step":1}\n{"step":2,"lo', '{"step":1}\n'],
    ["ends a line that lacks its break", '{"step":1}\n{"step":2}', '{"step":1}\n{"step":2}\n'],
    ["keeps a file as it is", '{"step":1}\n', '{"step":1}\n'],
  ])("%s before it adds to it", (_what, before, kept) => {
    const file = join(dir, "run.jsonl");
    writeFileSync(file, before);
    const logger = new JsonLinesLogger({ file });
    logger.logText("note", "on", 3);
    logger.finalize();
    const text = readFileSync(file, "utf8");
    expect(text.slice(0, kept.length)).toBe(kept);
    expect(JSON.parse(text.slice(kept.length))).toMatchObject({ step: 3, text: "on" });
  });

  test("refuses metrics by the names of its own fields", () => {
    const logger = new JsonLinesLogger({ file: join(dir, "run.jsonl") });
    expect(codeOf(() => logger.logMetrics({ time: 1 }, 0))).toBe("INVALID_STEP");
    expect(existsSync(join(dir, "run.jsonl"))).toBe(false);
  });
});
