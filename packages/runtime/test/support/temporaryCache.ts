import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Makes an empty folder, names it in FULMINE_CACHE, and answers with it and with what puts all back. */
export function temporaryCache(): { readonly folder: string; readonly remove: () => void } {
  const before = process.env["FULMINE_CACHE"];
  const folder = mkdtempSync(join(tmpdir(), "fulmine-test-"));
  process.env["FULMINE_CACHE"] = folder;
  return {
    folder,
    remove: () => {
      if (before === undefined) delete process.env["FULMINE_CACHE"];
      else process.env["FULMINE_CACHE"] = before;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
