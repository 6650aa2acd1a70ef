import { readdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitepress";
import { repositoryLinks } from "./repositoryLinks.mjs";

const docs = join(import.meta.dirname, "..");

/** A bolt of lightning. */
const icon = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#d97706" d="M9 0 2 9h5l-1 7 8-10H9z"/></svg>')}`;

const guides = [
  [
    "Begin",
    ["start", "Five minutes"],
    ["install", "Install"],
    ["coming-from-lightning", "From Lightning"],
    ["coming-from-tfjs", "From model.fit"],
    ["instead-of-tfjs-node", "Instead of tfjs-node"],
  ],
  [
    "Training",
    ["training", "The training loop"],
    ["seeing", "Seeing training"],
    ["data", "Data"],
    ["images", "Images from folders"],
    ["metrics", "Metrics"],
    ["callbacks", "Callbacks and logging"],
    ["checkpoints", "Checkpoints"],
    ["seeds", "Seeds"],
    ["transfer-learning", "Transfer learning"],
    ["batch-size", "The batch-size finder"],
    ["serving", "Using a trained model"],
    ["flags", "The Trainer's flags"],
  ],
  [
    "Learning rates",
    ["finder", "The finder"],
    ["schedules", "Schedules"],
    ["command-line", "The command line"],
  ],
  [
    "Where it runs",
    ["browser", "Browsers"],
    ["compiled-steps", "Compiled steps"],
    ["notebooks", "Notebooks"],
    ["troubleshooting", "Troubleshooting"],
  ],
  ["Your own", ["extending", "Callbacks, rules, plug-ins"]],
].map(([text, ...pages]) => ({
  text,
  items: pages.map(([page, title]) => ({ text: title, link: `/docs/${page}` })),
}));

const figures = {
  text: "What was measured",
  items: [
    { text: "Picking rates", link: "/bench/regret" },
    { text: "Speed and overhead", link: "/bench/speed" },
    { text: "WebAssembly", link: "/bench/wasm" },
    { text: "All figures", link: "/bench/RESULTS" },
  ],
};

const kinds = {
  classes: "Classes",
  functions: "Functions",
  interfaces: "Interfaces",
  "type-aliases": "Types",
  variables: "Constants",
};

const modules = [
  "fulmine",
  "@fulmine/core",
  "@fulmine/core/node",
  "@fulmine/core/plugin",
  "@fulmine/batch-size-finder",
  "@fulmine/figure",
  "@fulmine/figure/plugin",
  "@fulmine/lr-finder",
  "@fulmine/runtime",
  "@fulmine/runtime/node",
];

/** All modules of the reference, and of one of them the pages by kind; TypeDoc writes them before the site is built. */
function moduleSidebar(opened) {
  return modules.map((name) => {
    const link = `/docs/reference/${name}/`;
    return name === opened ? { text: name, link, items: kindsOf(name, link) } : { text: name, link };
  });
}

function kindsOf(name, link) {
  const folder = join(docs, "reference", name);
  return readdirSync(folder)
    .filter((kind) => kind in kinds)
    .map((kind) => ({
      text: kinds[kind],
      collapsed: true,
      items: readdirSync(join(folder, kind)).map((file) => {
        const text = file.replace(/\.md$/, "");
        return { text, link: `${link}${kind}/${text}` };
      }),
    }));
}

export default defineConfig({
  title: "Fulmine",
  description: "A minimal, Lightning-style Trainer for TensorFlow.js that finds its own learning rate.",
  base: process.env.DOCS_BASE ?? "/",
  srcDir: "..",
  srcExclude: [
    "packages/**",
    "test/**",
    "api/**",
    "README.md",
    "CONTRIBUTING.md",
    "**/dist/**",
    "test-results/**",
  ],
  rewrites: { "docs/index.md": "index.md" },
  outDir: "./.vitepress/dist",
  vite: { publicDir: join(docs, "images"), build: { chunkSizeWarningLimit: 3000 } },
  head: [["link", { rel: "icon", href: icon }]],
  cacheDir: "./.vitepress/cache",
  cleanUrls: false,
  lastUpdated: false,
  markdown: { image: { lazyLoading: true }, config: repositoryLinks },
  themeConfig: {
    nav: [
      { text: "Guide", link: "/docs/start", activeMatch: "^/docs/(?!reference)" },
      { text: "Reference", link: "/docs/reference/", activeMatch: "^/docs/reference/" },
      { text: "Examples", link: "/examples/README" },
      { text: "Measured", link: "/bench/regret", activeMatch: "^/bench/" },
    ],
    sidebar: {
      "/docs/reference/": moduleSidebar(),
      ...Object.fromEntries(modules.map((name) => [`/docs/reference/${name}/`, moduleSidebar(name)])),
      "/": [...guides, figures],
    },
    outline: [2, 3],
    search: { provider: "local" },
    docFooter: { prev: "Before", next: "Next" },
  },
});
