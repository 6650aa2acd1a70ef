import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { JsonLinesLogger } from "@fulmine/core/node";
import { dir, read, thrownCode } from "../../support/loggerFolder.js";

const NOON = new Date("2026-01-31T12:00:00Z");

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
    expect(thrownCode(() => logger.logMetrics({ time: 1 }, 0))).toBe("INVALID_STEP");
    expect(existsSync(join(dir, "run.jsonl"))).toBe(false);
  });
});
