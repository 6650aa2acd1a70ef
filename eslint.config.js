import js from "@eslint/js";
import tseslint from "typescript-eslint";
import floors from "./scripts/floors.mjs";

/** Imports go one way: each package imports only from those below it. */
const mayNotImport = (files, names, why) => ({
  files,
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: names.map((name) => ({ regex: `^${name}(/|:|$)`, message: why })) },
    ],
  },
});

export default tseslint.config(
  {
    ignores: [
      "**/dist/",
      "**/node_modules/",
      "**/.turbo/",
      "docs/reference/",
      "docs/.vitepress/cache/",
      "docs/given.d.ts",
      "packages/fulmine/template/",
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ["./packages/*/tsconfig.json", "./examples/*/tsconfig.json", "./tsconfig.test.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "no-console": "error",
      "max-lines": ["error", { max: 400 }],
    },
  },
  { files: ["**/*.js", "**/*.mjs"], ...tseslint.configs.disableTypeChecked },
  {
    files: ["**/*.js", "**/*.mjs"],
    languageOptions: {
      globals: { process: "readonly", console: "readonly", performance: "readonly", URL: "readonly" },
    },
  },
  {
    // Tests hand over wrong things on purpose, and write short functions where nothing is awaited.
    files: ["**/test/**"],
    rules: {
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/no-meaningless-void-operator": "off",
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
    },
  },
  {
    files: ["scripts/**", "examples/**", "bench/**", "packages/fulmine/src/cli/**"],
    rules: { "no-console": "off" },
  },
  mayNotImport(
    ["packages/core/src/**"],
    [
      "@fulmine/batch-size-finder",
      "@fulmine/figure",
      "@fulmine/lr-finder",
      "@fulmine/runtime",
      "fulmine",
      "node",
      "@tensorflow/tfjs-backend-[a-z]+",
    ],
    "The core knows no plug-in, no Node and no backend.",
  ),
  {
    files: ["packages/core/src/**"],
    ignores: ["packages/core/src/node/**"],
    rules: { "no-restricted-globals": ["error", "process", "Buffer", "global", "require", "setImmediate"] },
  },
  {
    files: ["packages/*/src/**"],
    plugins: { floors },
    rules: { "floors/imports-go-down": "error" },
  },
  // Code that needs Node is in a subpath of its own.
  { files: ["packages/core/src/node/**"], rules: { "no-restricted-imports": "off" } },
  mayNotImport(
    ["packages/core/src/node/**"],
    [
      "@fulmine/batch-size-finder",
      "@fulmine/figure",
      "@fulmine/lr-finder",
      "@fulmine/runtime",
      "fulmine",
      "@tensorflow/tfjs-backend-[a-z]+",
    ],
    "The core knows no plug-in and no backend.",
  ),
  ...Object.entries({
    figure: ["@fulmine/batch-size-finder", "@fulmine/lr-finder", "@fulmine/runtime", "fulmine"],
    "batch-size-finder": ["@fulmine/figure", "@fulmine/lr-finder", "@fulmine/runtime", "fulmine"],
    "lr-finder": ["@fulmine/batch-size-finder", "@fulmine/runtime", "fulmine"],
    runtime: ["@fulmine/batch-size-finder", "@fulmine/figure", "@fulmine/lr-finder", "fulmine"],
  }).map(([name, others]) =>
    mayNotImport(
      [`packages/${name}/src/**`],
      others,
      "A plug-in imports from the core, and the finder from the figures too.",
    ),
  ),
);
