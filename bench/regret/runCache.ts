import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The default folder for results: `regret` in Fulmine's cache folder. */
export function defaultCacheFolder(): string {
  const { FULMINE_CACHE: own, XDG_CACHE_HOME: shared } = process.env;
  if (own !== undefined && own !== "") return join(own, "regret");
  return join(
    shared !== undefined && shared !== "" ? shared : join(homedir(), ".cache"),
    "fulmine",
    "regret",
  );
}

/** Caches results on disk, one small JSON file each. */
export class RunCache {
  readonly #folder: string;

  /**
   * @param spec - What the results depend on besides their keys. Each has its own folder.
   */
  constructor(folder: string, name: string, spec: unknown) {
    const hash = createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 12);
    this.#folder = join(folder, `${name}-${hash}`);
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Returns the result of a key and computes it if it is not cached. */
  async get<T>(key: string, compute: () => Promise<T>): Promise<T> {
    const path = join(this.#folder, `${key}.json`);
    if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as T;
    const result = await compute();
    // Renamed when complete, so that a killed run leaves no partial file.
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(result));
    renameSync(`${path}.${process.pid}`, path);
    return result;
  }
}

/** A hash of the finder's compiled code, which keeps the cached searches of different versions apart. */
export function finderVersion(): string {
  const folder = dirname(fileURLToPath(import.meta.resolve("@fulmine/lr-finder")));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js") && !name.startsWith("figure"))
    .sort();
  const hash = createHash("sha256");
  for (const name of files) hash.update(readFileSync(join(folder, name)));
  return hash.digest("hex").slice(0, 8);
}
