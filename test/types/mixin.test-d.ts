import { Trainer, type Module, type TrainerOptions } from "@fulmine/core";
import { withBatchSizeFinder, type BatchSizeFinder } from "@fulmine/batch-size-finder";
import { expectTypeOf, test } from "vitest";

test("a mixin keeps the options and the members of the class, whatever its constructor requires", () => {
  class Named extends Trainer {
    readonly name: string;
    constructor(options: TrainerOptions & { readonly name: string }) {
      super({});
      this.name = options.name;
    }
  }
  class Fixed extends Trainer {
    constructor() {
      super({});
    }
  }
  const [NamedSizing, FixedSizing] = [withBatchSizeFinder(Named), withBatchSizeFinder(Fixed)];
  const make = () => new NamedSizing({ name: "first", maxEpochs: 1, autoBatchSize: "binary" });
  expectTypeOf(make).returns.toHaveProperty("name").toEqualTypeOf<string>();
  expectTypeOf(make).returns.toHaveProperty("batchSizeFinder").toEqualTypeOf<BatchSizeFinder | null>();
  // @ts-expect-error -- no mode of that name
  void (() => new NamedSizing({ name: "first", autoBatchSize: "fast" }));
  void (() => new FixedSizing({ autoBatchSize: true }));
});

test("a class can extend the class that a mixin returns", () => {
  class Sizing extends withBatchSizeFinder(Trainer) {
    async largestOf(module: Module): Promise<number> {
      const { trials } = await this.findBatchSize(module);
      return trials.at(-1)?.batchSize ?? 0;
    }
  }
  expectTypeOf(() => new Sizing({ autoBatchSize: true, maxEpochs: 1 })).returns.toExtend<Trainer>();
});
