import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Sets FULMINE_CACHE to an empty temporary folder; `remove` undoes both. */
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
