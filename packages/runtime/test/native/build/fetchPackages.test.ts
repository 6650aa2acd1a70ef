import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { fetchPackages } from "../../../src/native/build/fetchPackages.js";
import { npmPackages } from "../../../src/native/build/npmPackages.js";
import { findExecutable } from "../../../src/native/host/findExecutable.js";

const npm = findExecutable("npm") ?? "";
const python = findExecutable("python3") ?? "";
const room = mkdtempSync(join(tmpdir(), "fulmine-registry-"));
const folder = join(room, "node_modules");
const scratch = join(room, "scratch");
let registry: Server;
const asked: string[] = [];

/** Makes a tarball with another content than the genuine package has, and an install script that leaves a file. */
function forgery(): Buffer {
  const source = join(room, "source");
  mkdirSync(source);
  const scripts = { install: `touch ${join(room, "ran")}`, prepare: `touch ${join(room, "ran")}` };
  writeFileSync(join(source, "package.json"), JSON.stringify({ name: "forged", version: "1.0.0", scripts }));
  execFileSync("tar", ["-czf", join(room, "forged.tgz"), "-C", room, "source"]);
  return readFileSync(join(room, "forged.tgz"));
}

/** A registry that offers the forgery under the name and version of each package. */
function serve(tarball: Buffer): Server {
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  return createServer(({ url = "" }, response) => {
    asked.push(url);
    if (url.endsWith(".tgz")) return response.end(tarball);
    const found = npmPackages().find(({ name }) => decodeURIComponent(url) === `/${name}`);
    const { name = "", version = "" } = found ?? {};
    const dist = { tarball: `${urlOf(registry)}/${version}.tgz`, integrity };
    const versions = { [version]: { name, version, dist } };
    return response.end(JSON.stringify({ name, "dist-tags": { latest: version }, versions }));
  });
}

const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  registry = serve(forgery()).listen(0, "127.0.0.1");
  await once(registry, "listening");
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => {
  registry.close();
  rmSync(room, { recursive: true });
});

function fetchFrom(url: string): Promise<void> {
  vi.stubEnv("npm_config_registry", url);
  vi.stubEnv("npm_config_cache", join(room, "cache"));
  const tools = { npm, python, compiler: "" };
  return fetchPackages({ tools, folder, scratch, signal: new AbortController().signal });
}

describe.skipIf(npm === "" || python === "")("the npm packages of a build", () => {
  it("are refused with another hash than the pinned one, and no script of theirs runs", async () => {
    await expect(fetchFrom(urlOf(registry))).rejects.toMatchObject({
      code: "UNTRUSTED",
      message: expect.stringMatching(
        /^The tarball of @tensorflow\/tfjs-node-gpu@4\.22\.0 on the registry has an unknown hash\. Received: "sha512-.*Check the registry/,
      ) as string,
    });
    expect(asked.filter((url) => url.endsWith(".tgz"))).toHaveLength(3);
    expect(existsSync(join(room, "ran"))).toBe(false);
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(scratch)).toBe(false);
  });

  it("say what to check when npm can't download them", async () => {
    await expect(fetchFrom("http://127.0.0.1:9")).rejects.toMatchObject({
      code: "SETUP_FAILED",
      message: expect.stringMatching(
        /^npm could not download @tensorflow\/tfjs-node-gpu: .*ECONNREFUSED.*`npm config get registry`/,
      ) as string,
    });
    expect(existsSync(scratch)).toBe(false);
  });
});
