import { expect, test } from "vitest";
import { FulmineError, Trainer } from "@fulmine/core";
import { portablePlatform, type Platform } from "@fulmine/core/plugin";
import { nodeFiles } from "@fulmine/core/node";
import { makeData, quiet } from "../support/checkpointOf.js";
import { makeTiny, TinyModule } from "../support/tinyModule.js";

test("a checkpoint that is not there is an error before anything is done", async () => {
  class OnDisk extends Trainer {
    protected override readonly platform: Platform = { ...portablePlatform, files: nodeFiles };
  }
  const heard: string[] = [];
  class Waiting extends OnDisk {
    override async beforeFit(): Promise<void> {
      heard.push("beforeFit");
    }
  }
  const trainer = new Waiting(quiet);
  const fit = trainer.fit(makeTiny(TinyModule), makeData(), { checkpoint: "nowhere/last.ckpt" });
  const error: unknown = await fit.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FulmineError);
  expect(error).toMatchObject({ code: "INVALID_CHECKPOINT", cause: { code: "ENOENT" } });
  expect(String(error)).toMatch(
    /can't be read: ENOENT.*\. Received: "nowhere\/last\.ckpt"\. Pass the path of a file that ModelCheckpoint/,
  );
  expect(heard).toEqual([]);
});
