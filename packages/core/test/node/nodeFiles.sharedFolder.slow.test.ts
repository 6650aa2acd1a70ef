import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { decodeCheckpoint } from "@fulmine/core";
import { nodeFiles } from "@fulmine/core/node";

const program = join(import.meta.dirname, "../support/sharingProgram.ts");
const room = mkdtempSync(join(tmpdir(), "fulmine-shared-"));
const children = new Set<ChildProcess>();
let folder = room;
beforeEach(() => {
  folder = mkdtempSync(join(room, "run-"));
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
});
afterAll(() => rmSync(room, { recursive: true, force: true }));

/** A container, as far as process numbers go: its first process has the number 1. Not every machine lets a program make one. */
const container = ["unshare", "--pid", "--fork", "--kill-child"];
const hasContainers = spawnSync(container[0] ?? "", [...container.slice(1), "true"]).status === 0;
const places: Record<string, readonly string[]> = {
  here: [],
  ...(hasContainers ? { "in a container": container } : {}),
};

interface Sharer {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly until: (text: string) => Promise<void>;
}

/** Starts a program that waits until it is told to begin. */
function start(task: string, place: readonly string[]): Sharer {
  const node = [process.execPath, "--import", "tsx", "--conditions=@fulmine/source", program, task, folder];
  const [command = "", ...args] = [...place, ...node];
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  children.add(child);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const until = async (text: string): Promise<void> => {
    while (!output.includes(text)) await once(child.stdout, "data");
  };
  return { child, output: () => output, until };
}

describe.each(Object.entries(places))("a process %s", (_, place) => {
  test("keeps the file that it is writing when another saves into the folder", async () => {
    const writer = start("hold", place);
    await writer.until("READY");
    writer.child.stdin?.end("go\n");
    await writer.until("HELD");
    const held = readdirSync(folder);
    expect(held).toHaveLength(1);
    await nodeFiles.write(join(folder, "other.ckpt"), new Uint8Array([1]));
    expect(readdirSync(folder).sort()).toEqual([...held, "other.ckpt"].sort());
  });

  test("and another that save under the same names at the same time keep each its own files", async () => {
    const sharers = [start("train", place), start("train", []), start("train", place)];
    await Promise.all(sharers.map(({ until }) => until("READY")));
    for (const { child } of sharers) child.stdin?.end("go\n");
    await Promise.all(sharers.map(({ child }) => once(child, "close")));
    const kept = sharers.map(({ output }) => JSON.parse(output().replace("READY\n", "")) as string[]);
    for (const paths of kept) expect(paths).toHaveLength(4);
    const all = kept.flat();
    expect(new Set(all).size).toBe(all.length);
    expect(
      readdirSync(folder)
        .map((name) => `${folder}/${name}`)
        .sort(),
    ).toEqual([...all].sort());
    for (const [index, paths] of kept.entries()) {
      for (const path of paths) {
        const { callbacks } = await decodeCheckpoint(readFileSync(path));
        // Each file says of itself where it stands.
        expect(Object.values(callbacks), `process ${index}`).toMatchObject([{ path }]);
      }
    }
  });
});
