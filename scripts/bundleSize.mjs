// Bundles what a browser would load, without TensorFlow.js, and fails when it exceeds its budget.
//
// "at first" is all that a page loads before it can train: everything that can be reached without a dynamic import(), in
// one file, minified and compressed by gzip, with what a plain fit needs. "on demand" is what everything together takes
// more: checkpoints, callbacks that an option stands for, schedules, manual optimization, trials, figures and the
// like, each of which a page loads when a run that needs it begins.
import { build } from "esbuild";
import { gzipSync } from "node:zlib";

/** In kB. */
const budgets = [
  {
    code: 'export { adam, DataLoader, Module, Trainer } from "@fulmine/core"',
    atFirst: 28.4,
    onDemand: 18.4,
  },
  { code: 'export { withBatchSizeFinder } from "@fulmine/batch-size-finder"', atFirst: 9, onDemand: 0.3 },
  { code: 'export { withLrFinder } from "@fulmine/lr-finder"', atFirst: 25.6, onDemand: 17.7 },
  { code: 'export { trainingFigure } from "@fulmine/figure"', atFirst: 18.5, onDemand: 0.3 },
  { code: 'export * from "@fulmine/core"', atFirst: 71.9, onDemand: 9.8 },
];

/** Leaves out what is loaded by a dynamic import(). */
const withoutDynamicImports = {
  name: "without dynamic imports",
  setup(bundle) {
    bundle.onResolve({ filter: /.*/ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path, external: true } : undefined,
    );
  },
};

async function sizeOf(code, plugins = []) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    external: ["@tensorflow/*", "@resvg/*"],
    write: false,
    plugins,
  });
  return gzipSync(outputFiles[0].contents).length / 1000;
}

for (const { code, ...budget } of budgets) {
  const atFirst = await sizeOf(code, [withoutDynamicImports]);
  const onDemand = (await sizeOf(code)) - atFirst;
  const shown = (size, limit) => `${size.toFixed(1)} kB of ${limit} kB`;
  console.log(
    `${shown(atFirst, budget.atFirst)} at first, ${shown(onDemand, budget.onDemand)} on demand: ${code}`,
  );
  if (atFirst > budget.atFirst || onDemand > budget.onDemand) {
    console.error(
      `That is over its budget: ${(atFirst * 1000).toFixed(0)} and ${(onDemand * 1000).toFixed(0)} bytes.`,
    );
    process.exitCode = 1;
  }
}
