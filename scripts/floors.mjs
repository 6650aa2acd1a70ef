import { dirname, relative, resolve, sep } from "node:path";

/**
 * The floors of each package's `src`, from the lowest to the highest. A file imports only from its own floor and from those
 * below it; imports of types count too. An entry is a folder, a file without its ending, or several that share a floor.
 */
const floors = {
  core: [
    ["errors"],
    ["tensors"],
    ["options"],
    ["platform"],
    ["random"],
    ["ownership"],
    ["optim"],
    ["loggers"],
    ["metrics"],
    ["schedules"],
    ["data"],
    ["checkpoint"],
    ["hooks"],
    ["step"],
    ["module"],
    ["run"],
    ["resume"],
    ["loops"],
    ["isolation"],
    ["callbacks", "fromLayers"],
    ["trainer"],
    ["node"],
    ["index", "plugin"],
  ],
  "batch-size-finder": [
    ["availableMemory.node", "availableMemory.browser", "batchSizeFinder", "peakBytes", "sizedData"],
    ["findBatchSizeOptions", "measureTrial"],
    ["batchSizeHost", "growBatch"],
    ["findBatchSize"],
    ["withBatchSizeFinder"],
    ["index"],
  ],
  figure: [
    ["options/checkOptions", "platform"],
    ["numbers"],
    ["axes", "svg"],
    ["options"],
    ["png", "html", "terminal"],
    ["figure"],
    ["training"],
    ["index", "plugin"],
  ],
  "lr-finder": [
    ["curve"],
    ["rules"],
    ["explain"],
    ["options"],
    ["figure"],
    ["saving"],
    ["sweep"],
    ["lrFindHost", "plannedRates", "progressEvents", "lrFinder"],
    ["findLr", "applySuggestion"],
    ["lrFinderCallback", "withLrFinder"],
    ["index"],
  ],
  runtime: [
    ["native/host"],
    ["native/cache"],
    ["native/build"],
    ["native/load"],
    ["compile/tensorflow", "compile/trace"],
    ["compile/resources"],
    ["compile/graph"],
    ["compile"],
    ["wasm/kernels"],
    ["wasm"],
    ["accelerator"],
    ["withAccelerator", "withCompiledSteps"],
    ["doctor"],
    ["index", "node"],
  ],
};

/** The floor of a file of a package, with its name. */
function floorOf(names, path) {
  const place = path.replace(/\.m?[jt]s$/, "").split(sep);
  for (let length = place.length; length > 0; length--) {
    const name = place.slice(0, length).join("/");
    const index = names.findIndex((floor) => floor.includes(name));
    if (index >= 0) return { index, name };
  }
  return null;
}

/** ESLint rule: imports go down, from floor to floor. */
const importsGoDown = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      up: "`{{from}}` is below `{{to}}`, so it can't import from it. The floors are in scripts/floors.mjs.",
      none: "`{{path}}` has no floor. Add its folder to scripts/floors.mjs.",
    },
  },
  create(context) {
    const [, name, inside] = /packages[\\/]([^\\/]+)[\\/]src[\\/](.+)$/.exec(context.filename) ?? [];
    const names = floors[name];
    if (names === undefined) return {};
    const here = floorOf(names, inside);
    const root = context.filename.slice(0, -inside.length);
    const check = (source) => {
      if (here === null || typeof source?.value !== "string" || !source.value.startsWith(".")) return;
      const path = relative(root, resolve(dirname(context.filename), source.value));
      const there = floorOf(names, path);
      if (there === null || there.index <= here.index) return;
      context.report({ node: source, messageId: "up", data: { from: here.name, to: there.name } });
    };
    return {
      Program: (node) => here === null && context.report({ node, messageId: "none", data: { path: inside } }),
      ImportDeclaration: ({ source }) => check(source),
      ExportNamedDeclaration: ({ source }) => check(source),
      ExportAllDeclaration: ({ source }) => check(source),
      ImportExpression: ({ source }) => check(source),
      TSImportType: ({ argument }) => check(argument.literal ?? argument),
    };
  },
};

export default { rules: { "imports-go-down": importsGoDown } };
