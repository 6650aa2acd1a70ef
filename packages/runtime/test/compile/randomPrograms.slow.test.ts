import fc from "fast-check";
import { expect, test } from "vitest";
import { anyProgram } from "./randomPrograms/anyProgram.js";
import { differenceOf } from "./randomPrograms/differenceOf.js";
import { runProgram } from "./randomPrograms/runProgram.js";

/** `FULMINE_PROGRAMS` is the number of programs. The seed and path in a failure reproduce it. */
const { FULMINE_PROGRAMS = "60", FULMINE_PROGRAM_SEED = "1", FULMINE_PROGRAM_PATH: path } = process.env;
const programs = Number(FULMINE_PROGRAMS);
const settings = { seed: Number(FULMINE_PROGRAM_SEED), ...(path === undefined ? {} : { path }) };
const PATIENCE = 1_200_000;

test(
  `${programs} random programs do and give the same compiled as eagerly`,
  async () => {
    let [tried, replayed] = [0, 0];
    const same = fc.asyncProperty(anyProgram, async (program) => {
      const eager = await runProgram(program, false);
      const compiled = await runProgram(program, "auto");
      tried += 1;
      if (compiled.replays > 0) replayed += 1;
      const difference = differenceOf(eager, compiled);
      expect(difference, difference ?? "").toBeNull();
    });
    await fc.assert(same, { ...settings, numRuns: programs });
    // Without replays nothing is tested. With a path there is only one program.
    if (path === undefined) expect(replayed).toBeGreaterThan(tried / 4);
  },
  PATIENCE,
);

test(
  "random programs give the same eagerly again, and leave no tensor",
  async () => {
    const same = fc.asyncProperty(anyProgram, async (program) => {
      const [once, again] = [await runProgram(program, false), await runProgram(program, false)];
      expect(differenceOf(once, again)).toBeNull();
      expect(once.leaked).toBe(0);
    });
    await fc.assert(same, { ...settings, numRuns: Math.ceil(programs / 20) });
  },
  PATIENCE,
);
