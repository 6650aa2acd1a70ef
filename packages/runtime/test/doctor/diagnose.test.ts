import * as tf from "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { diagnose } from "../../src/node.js";
import { runtimeName } from "../../src/doctor/runtimeName.js";

it("a diagnosis measures a fit on the selected backend, on wasm and on cpu, and keeps the selected one", async () => {
  const { accelerator, fits, unmeasured, runtime } = await diagnose();
  expect(runtime).toBe(`Node ${process.versions.node}`);
  expect(tf.getBackend()).toBe(accelerator.backend);
  expect(unmeasured).toEqual([]);
  const names = fits.map((fit) => fit.accelerator);
  expect(names).toEqual([...new Set([accelerator.accelerator, "wasm", "cpu"])]);
  for (const { medianMs } of fits) expect(medianMs).toBeGreaterThan(0);
  expect(fits.map(({ isCompiled }) => isCompiled)).toEqual(
    names.map((name) => name === "native" || name === "gpu"),
  );
  expect(tf.memory().numTensors).toBe(0);
});

it("the runtime is named, not the Node that it imitates", () => {
  expect(runtimeName({ node: "24.3.0", bun: "1.4.5" })).toBe("Bun 1.4.5");
  expect(runtimeName({ node: "24.2.0", deno: "2.9.6" })).toBe("Deno 2.9.6");
});
