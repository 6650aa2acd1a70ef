import { expect, test } from "vitest";
import { Trainer, type Callback } from "@fulmine/core";
import { sixAndThree } from "../support/scripted.js";
import { makeTiny, TinyModule } from "../support/tinyModule.js";

test("monitors come after the module, and what saves checkpoints after them, wherever they were given", async () => {
  const trace: string[] = [];
  const record = (name: string, role?: "monitor" | "checkpoint"): Callback => ({
    ...(role === undefined ? {} : { role }),
    onTrainEpochEnd: () => void trace.push(name),
    onValidationEnd: () => void trace.push(name),
  });
  const module = makeTiny(TinyModule);
  module.onTrainEpochEnd = module.onValidationEnd = () => void trace.push("module");
  module.configureCallbacks = () => [record("the module's")];
  const callbacks = [
    record("saver", "checkpoint"),
    record("monitor", "monitor"),
    record("first"),
    record("second"),
  ];
  const trainer = new Trainer({
    ...{ enableProgressBar: false, seed: 1, maxEpochs: 1, numSanityValSteps: 0 },
    callbacks,
  });
  trainer.events.on("onTrainEpochEnd", () => void trace.push("observer"));
  trainer.events.on("onValidationEnd", () => void trace.push("observer"));
  await trainer.fit(module, sixAndThree());
  const once = ["first", "second", "the module's", "module", "monitor", "saver", "observer"];
  expect(trace).toEqual([...once, ...once]);
});
