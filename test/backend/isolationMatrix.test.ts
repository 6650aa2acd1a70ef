import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { columns, measureScenario } from "../../bench/isolation/measureScenario.js";
import { scenarios } from "../../bench/isolation/scenarios.js";

const [home, folder] = [process.cwd(), mkdtempSync(join(tmpdir(), "fulmine-matrix-"))];
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const whole = Object.fromEntries(columns.map((column) => [column, true]));

test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
  "a search that ends by %s leaves all as it was: before a fit, between two and in the middle of one",
  async (_, scenario) => {
    expect(await measureScenario(scenario)).toEqual(whole);
  },
);
