import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { bin, runNode } from "../../support/runCli.js";
import { dir, write } from "../../support/runFolder.js";

describe("fulmine watch", () => {
  test("serves a folder until Ctrl-C", async () => {
    const { stdout, stderr, status } = await runNode([bin, "watch", dir, "--port", "0"], {
      interruptAt: "Ctrl-C ends this.",
    });
    expect(stdout).toMatch(/^Runs in .*: http:\/\/127\.0\.0\.1:\d+\/\nCtrl-C ends this\.\n$/);
    expect([stderr, status]).toEqual(["", 0]);
  });

  test("refuses what is no folder, and what is no port", async () => {
    const file = write("file", "");
    const lines = [[`${dir}/none`], [file], [dir, "--port", "x"], [dir, "--port", "70000"]];
    const runs = await Promise.all(lines.map((line) => runNode([bin, "watch", ...line])));
    expect(runs.map(({ stderr }) => stderr)).toEqual([
      `fulmine: There is no folder ${dir}/none. Give the \`dir\` of the loggers; they make it when a run begins.\n`,
      `fulmine: ${file} is a file. Give the folder that it is in.\n`,
      "fulmine: --port needs an integer from 0 to 65535. Received: x.\n",
      "fulmine: --port needs an integer from 0 to 65535. Received: 70000.\n",
    ]);
    expect(runs.map(({ status }) => status)).toEqual([2, 2, 2, 2]);
  });

  test("says that a port is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { stdout, stderr, status } = await runNode([bin, "watch", dir, "--port", String(port)]);
    other.close();
    expect([stdout, status]).toEqual(["", 1]);
    expect(stderr).toBe(
      `fulmine: The port ${port} can't be had: another program uses it. Give another one with --port, or --port 0 for any that is free.\n`,
    );
  });
});
