import { statSync } from "node:fs";
import { FulmineError } from "@fulmine/core";

/**
 * Makes sure that nobody but this user and root can change what lies in a folder, for programs are loaded from it. One that
 * is not there yet passes, and so does every folder on Windows, where a user's folders are closed by default.
 *
 * @throws FulmineError `UNTRUSTED` when it is another user's, or others may write to it.
 */
export function requireOwnFolder(folder: string): void {
  const user = process.getuid?.();
  const found = statSync(folder, { throwIfNoEntry: false });
  if (user === undefined || found === undefined) return;
  if (found.uid !== user && found.uid !== 0) {
    throw new FulmineError("UNTRUSTED", `The cache folder is another user's: ${folder}.`, {
      received: `owner ${found.uid}, and this process is of user ${user}`,
      todo: "Name a folder of your own in the environment variable FULMINE_CACHE.",
    });
  }
  // A group of the same number as its user is, by convention, that user's alone.
  const isGroups = (found.mode & 0o020) !== 0 && found.gid !== found.uid;
  if (!isGroups && (found.mode & 0o002) === 0) return;
  throw new FulmineError("UNTRUSTED", `Others may write to the cache folder: ${folder}.`, {
    received: `mode ${(found.mode & 0o777).toString(8)}`,
    todo:
      `Run \`chmod go-w ${folder}\`; if somebody may have changed what is in it, remove it and run ` +
      "`npx fulmine setup`.",
  });
}
