import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";
import { usesTensors } from "./test/support/usesTensors.js";

const conditions = ["@fulmine/source"];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: [] } } };

/** Too slow for `npm test`: `npm run test:rest` runs these. */
const slow = ["**/*.slow.test.ts"];

/** Only the native backend compiles steps. */
const compiled = "packages/runtime/test/compile/**/*.test.ts";

/** The tests of the core and the finders. */
const trainingTests = ["core", "lr-finder", "batch-size-finder"]
  .map((name) => `packages/${name}/test`)
  .flatMap((folder) =>
    readdirSync(join(import.meta.dirname, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".test.ts"))
      .map((path) => join(folder, path).replaceAll("\\", "/")),
  );

/** Those of them that use no tensor, and so run only once. */
const tensorless = trainingTests.filter((path) => !usesTensors(join(import.meta.dirname, path)));

/** Slow tests of files: their tensors are in programs that they start. */
const slowFiles = "packages/core/test/node/**/*.slow.test.ts";

/** Slow tests that run on the native backend and on wasm. */
const slowTraining = [
  ...trainingTests.filter(
    (path) => path.endsWith(".slow.test.ts") && !path.includes("/node/") && !tensorless.includes(path),
  ),
  "test/backend/**/*.slow.test.ts",
];

const once = [
  ...tensorless,
  "packages/{figure,runtime,fulmine}/test/**/*.test.ts",
  "test/{examples,published,tensorboard}/**/*.test.ts",
];

const setupFiles = ["test/support/projectName.ts", "test/support/properties.ts"];

/** Tests that start no backend, or their own. */
const withoutBackend = { setupFiles, testTimeout: 120_000, hookTimeout: 120_000 };

/** Tests on one backend. */
const onBackend = (backend: "native" | "wasm" | "cpu") => ({
  setupFiles: [...setupFiles, "test/support/backend.ts"],
  env: { FULMINE_TEST_BACKEND: backend },
  testTimeout: 60_000,
  hookTimeout: 60_000,
});

/** Tests of files, options and logs, whose tensors are only passed on: they run on the backend of `npm test`. */
const withoutKernels = [
  "packages/core/test/{checkpoint,loggers,node,options,ownership,run,schedules}/**/*.test.ts",
];

/** Everything that computes with tensors, on one backend. */
const backendProject = (
  backend: "native" | "wasm" | "cpu",
  ...also: readonly string[]
): TestProjectConfiguration => ({
  ...shared,
  test: {
    name: backend,
    include: [
      "packages/{core,lr-finder,batch-size-finder}/test/**/*.test.ts",
      "test/backend/**/*.test.ts",
      ...also,
    ],
    exclude: [...tensorless, slowFiles, ...(backend === "wasm" ? withoutKernels : slow)],
    ...onBackend(backend),
  },
});

/** The folders of the core's tests whose results depend on the kernels of a backend. */
const numeric = "fromLayers,isolation,loops,metrics,optim";

/** What `npm run test:rest` runs on the cpu backend: what depends on kernels. The rest has run on two backends then. */
const cpuNumeric = (): TestProjectConfiguration => ({
  ...shared,
  test: {
    name: "cpuNumeric",
    include: [
      `packages/core/test/{${numeric}}/**/*.test.ts`,
      "packages/{lr-finder,batch-size-finder}/test/*.test.ts",
      "test/backend/**/*.test.ts",
    ],
    exclude: [...tensorless, slowFiles, ...slow],
    ...onBackend("cpu"),
  },
});

export default defineConfig({
  test: {
    pool: "forks",
    // Vitest would leave one core idle, half of a machine that has two.
    maxWorkers: availableParallelism(),
    // scripts/test.mjs tells which projects belong to `npm test`.
    projects: [
      backendProject("native", compiled),
      backendProject("wasm"),
      backendProject("cpu"),
      cpuNumeric(),
      { ...shared, test: { name: "once", include: once, exclude: [...slow, compiled], ...withoutBackend } },
      {
        ...shared,
        test: {
          name: "slow",
          include: slow,
          exclude: [compiled, ...slowTraining, "**/node_modules/**"],
          ...withoutBackend,
        },
      },
      {
        ...shared,
        test: {
          name: "slowNative",
          include: ["packages/runtime/test/compile/**/*.slow.test.ts", ...slowTraining],
          ...onBackend("native"),
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        ...shared,
        test: {
          name: "fuzz",
          include: ["test/fuzz/*.test.ts"],
          setupFiles: [...setupFiles, "test/support/backend.ts"],
          env: { FULMINE_TEST_BACKEND: "cpu" },
        },
      },
      {
        ...shared,
        test: {
          name: "types",
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ["test/types/*.test-d.ts"],
            tsconfig: "test/types/tsconfig.json",
          },
        },
      },
    ],
  },
});
