import { describe, expect, test } from "vitest";
import { runCli } from "../support/runCli.js";

const commands = ["new", "find-lr", "fit", "test", "predict", "setup", "doctor"];

describe("fulmine", () => {
  test("lists its commands with examples", async () => {
    const { stdout, status } = await runCli(["--help"]);
    expect(status).toBe(0);
    for (const name of commands) expect(stdout).toMatch(new RegExp(`^  ${name} +\\S`, "m"));
    expect(stdout).toContain("130");
  });

  test.each(commands)("%s --help shows its usage, flags, examples and exit statuses", async (name) => {
    const { stdout, status } = await runCli([name, "--help"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: fulmine ${name}`));
    for (const title of ["Flags:", `Examples:\n  `, "Exit status:"]) expect(stdout).toContain(title);
  });

  test("lists the commands when it is given an unknown one", async () => {
    const { stderr, status } = await runCli(["train"]);
    expect(status).toBe(2);
    expect(stderr).toContain(
      "Unknown command: train. Allowed: new, find-lr, fit, test, predict, watch, setup, doctor",
    );
  });
});
