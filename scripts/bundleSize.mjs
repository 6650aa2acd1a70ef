// Bundles what a browser would load, without TensorFlow.js, and fails when it exceeds its budget.
import { build } from "esbuild";
import { gzipSync } from "node:zlib";

/** In kB, minified and compressed by gzip. */
const budgets = [
  { code: 'export { adam, DataLoader, Module, Trainer } from "@fulmine/core"', budget: 30 },
  { code: 'export * from "@fulmine/core"', budget: 52 },
  { code: 'export { withLrFinder } from "@fulmine/lr-finder"', budget: 35 },
];

for (const { code, budget } of budgets) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    external: ["@tensorflow/*", "@resvg/*"],
    write: false,
  });
  const size = gzipSync(outputFiles[0].contents).length / 1000;
  console.log(`${size.toFixed(1)} kB of ${budget} kB: ${code}`);
  if (size > budget) process.exitCode = 1;
}
