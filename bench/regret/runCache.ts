import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where results are kept when nobody says: `regret` in Fulmine's cache folder. */
export function defaultCacheFolder(): string {
  const { FULMINE_CACHE: own, XDG_CACHE_HOME: shared } = process.env;
  if (own !== undefined && own !== "") return join(own, "regret");
  return join(
    shared !== undefined && shared !== "" ? shared : join(homedir(), ".cache"),
    "fulmine",
    "regret",
  );
}

/** Results on disk, one small JSON file each, so that what was computed once is never computed again. */
export class RunCache {
  readonly #folder: string;

  /**
   * @param spec - What the results depend on besides their keys; another gives another folder.
   */
  constructor(folder: string, name: string, spec: unknown) {
    const hash = createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 12);
    this.#folder = join(folder, `${name}-${hash}`);
    mkdirSync(this.#folder, { recursive: true });
  }

  /** The result of that key, computed where there is none yet. */
  async get<T>(key: string, compute: () => Promise<T>): Promise<T> {
    const path = join(this.#folder, `${key}.json`);
    if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as T;
    const result = await compute();
    // Written aside and moved, so that a run that is killed leaves no half of a file.
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(result));
    renameSync(`${path}.${process.pid}`, path);
    return result;
  }
}
