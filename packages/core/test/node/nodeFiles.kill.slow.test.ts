import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { decodeCheckpoint, RandomState } from "@fulmine/core";
import { nodeFiles } from "@fulmine/core/node";
import { temporaryName } from "../../src/node/files/temporaryFile.js";
import { STEPS, trainOn } from "../support/killedProgram.js";

const KILLS = 20;
/** The longest time, in milliseconds, that a program may save and train before it is killed. */
const LONGEST_LIFE = 60;

const program = join(import.meta.dirname, "../support/killedProgram.ts");
const children = new Set<ChildProcess>();
const folder = mkdtempSync(join(tmpdir(), "fulmine-kill-"));
const path = join(folder, "last.ckpt");

afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a program from source, which waits until it is told to train. */
function start(): ChildProcess {
  const flags = ["--import", "tsx", "--conditions=@fulmine/source"];
  const child = spawn(process.execPath, [...flags, program, path], { stdio: ["pipe", "pipe", "ignore"] });
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

/** Lets a program train, and resolves when it has saved for the first time, or has ended. */
async function begin(child: ChildProcess): Promise<() => string> {
  let output = "";
  child.stdin?.write("go\n");
  await new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("SAVED")) resolve();
    });
  });
  return () => output;
}

const temporaries = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".tmp"));

/** What a program printed at its end. */
const printed = (output: string): string | undefined => output.trimEnd().split("\n").at(-1);

test("a run that is killed again and again while it saves ends as if it had never been", async () => {
  const expected = await trainOn(null);
  const random = new RandomState(1);
  // Loading takes longer than living, so the next ones load meanwhile.
  const waiting = [start(), start()];
  const next = (): ChildProcess => {
    waiting.push(start());
    return waiting.shift() ?? start();
  };
  let [kills, cutSaves, step] = [0, 0, 0];
  while (kills < KILLS) {
    const child = next();
    const output = await begin(child);
    await new Promise((resolve) => setTimeout(resolve, random.float() * LONGEST_LIFE));
    const exited = once(child, "exit");
    if (!child.kill("SIGKILL")) {
      // On a fast machine a run may end before it was killed often enough.
      expect(printed(output())).toEqual(expected);
      rmSync(path);
      step = 0;
      continue;
    }
    await exited;
    kills += 1;
    cutSaves += temporaries().length;
    const { progress } = await decodeCheckpoint(readFileSync(path));
    expect(progress.globalStep).toBeGreaterThan(step);
    step = progress.globalStep;
  }
  const last = next();
  const output = await begin(last);
  if (last.exitCode === null) await once(last, "close");
  expect(printed(output())).toEqual(expected);
  expect(temporaries()).toEqual([]);
  // eslint-disable-next-line no-console -- the count is what the test is for
  console.info(
    `${kills} kills survived, ${cutSaves} of them within a save; the last at step ${step} of ${STEPS}.`,
  );
});

test("a save removes what dead processes of this place left half-written, and nothing else", async () => {
  const dead = spawn(process.execPath, ["--eval", ""]);
  await once(dead, "exit");
  const pid = dead.pid ?? 0;
  const elsewhere = `.fulmine-0123456789ab-${pid}-0.tmp`;
  const leave = (name: string): void => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), "");
  };
  const alive = basename(temporaryName("epoch=3.ckpt"));
  const kept = [alive, "mine.123.tmp", `epoch=4.ckpt${elsewhere}`];
  for (const name of kept) leave(name);
  leave(basename(temporaryName("epoch=2.ckpt", pid)));
  // Of another machine or container, whose processes nobody here knows: only what is old goes.
  leave(`epoch=1.ckpt${elsewhere}`);
  const longAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
  utimesSync(join(folder, `epoch=1.ckpt${elsewhere}`), longAgo, longAgo);
  await nodeFiles.write(path, new Uint8Array([1, 2]));
  expect(readdirSync(folder).sort()).toEqual([...kept, "last.ckpt"].sort());
  expect(existsSync(path)).toBe(true);
});
