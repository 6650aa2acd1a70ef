/**
 * Keeps standard output for a command's result, so that a program can read it: whatever else is printed meanwhile, by a
 * training file for one, goes to standard error.
 */
export async function withQuietOutput<T>(run: () => Promise<T>): Promise<T> {
  const { log, info, debug } = console;
  console.log = console.info = console.debug = (...words) => console.error(...words);
  try {
    return await run();
  } finally {
    Object.assign(console, { log, info, debug });
  }
}
