import { setupNative } from "@fulmine/runtime/node";

try {
  const { isFresh } = await setupNative({ onProgress: ({ phase }) => console.log(`phase ${phase}`) }); // eslint-disable-line no-console -- the test reads this output
  console.log(`fresh ${isFresh}`); // eslint-disable-line no-console -- the test reads this output
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
