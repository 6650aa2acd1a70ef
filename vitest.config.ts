import { availableParallelism } from "node:os";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";

const conditions = ["@fulmine/source"];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: [] } } };

/** Only the native backend compiles steps. */
const compiled = "packages/runtime/test/compile/*.test.ts";

/** What is tested on every backend: all that trains. */
const onBackend = (
  backend: "native" | "wasm" | "cpu",
  ...also: readonly string[]
): TestProjectConfiguration => ({
  ...shared,
  test: {
    name: backend,
    include: [
      "packages/core/test/**/*.test.ts",
      "packages/lr-finder/test/*.test.ts",
      "packages/batch-size-finder/test/backend/*.test.ts",
      "test/backend/*.test.ts",
      ...also,
    ],
    setupFiles: ["test/support/properties.ts", "test/support/backend.ts"],
    env: { FULMINE_TEST_BACKEND: backend },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

export default defineConfig({
  test: {
    pool: "forks",
    // Vitest would leave one core idle, half of a machine that has two.
    maxWorkers: availableParallelism(),
    projects: [
      onBackend("native", compiled),
      onBackend("wasm"),
      onBackend("cpu"),
      {
        ...shared,
        test: {
          name: "once",
          include: [
            "packages/lr-finder/test/*/**/*.test.ts",
            "packages/batch-size-finder/test/*.test.ts",
            "packages/runtime/test/**/*.test.ts",
            "packages/fulmine/test/**/*.test.ts",
            "test/once/*.test.ts",
          ],
          exclude: [compiled],
          setupFiles: ["test/support/properties.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: "fuzz",
          include: ["test/fuzz/*.test.ts"],
          setupFiles: ["test/support/properties.ts", "test/support/backend.ts"],
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
            tsconfig: "tsconfig.test.json",
          },
        },
      },
    ],
  },
});
