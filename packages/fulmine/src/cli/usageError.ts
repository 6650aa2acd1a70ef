/** A command line that can't be understood; ends the program with status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
