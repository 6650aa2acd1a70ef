import { FulmineError, type ErrorCode, type ProgressEvents, type TrainerProgress } from "@fulmine/core";
import type { FindLrProgress } from "@fulmine/lr-finder";
import { expectTypeOf, test } from "vitest";

declare module "@fulmine/core" {
  interface ProgressEvents {
    tuneStart: { readonly type: "start"; readonly task: "tune"; readonly total: number };
  }
  interface ErrorCodes {
    NO_BUDGET: true;
  }
}

test("a plug-in adds its own error codes", () => {
  expectTypeOf<"NO_BUDGET">().toExtend<ErrorCode>();
  expectTypeOf<"SETUP_FAILED">().toExtend<ErrorCode>();
  // @ts-expect-error -- no package declares it
  void new FulmineError("NO_SUCH_CODE", "…");
});

test("a plug-in adds its own progress events", () => {
  expectTypeOf<ProgressEvents["tuneStart"]>().toExtend<TrainerProgress>();
  expectTypeOf<FindLrProgress>().toExtend<TrainerProgress>();
  const onProgress = (event: TrainerProgress): void => {
    if (event.type === "rung") expectTypeOf(event.lr).toEqualTypeOf<number>();
    if (event.type === "start" && event.task === "tune") expectTypeOf(event.total).toEqualTypeOf<number>();
  };
  expectTypeOf(onProgress).toBeFunction();
});
