// Fails when a public signature has a type of its own package that the package exports nowhere.
import ts from "typescript";

/** The entries of each package. A type may be exported from another entry than its signature. */
const packages = {
  core: ["index", "plugin", "node/index"],
  "batch-size-finder": ["index"],
  figure: ["index", "plugin"],
  "lr-finder": ["index"],
  runtime: ["index", "node"],
};

for (const [name, entries] of Object.entries(packages)) {
  const missing = findMissing(
    `packages/${name}/dist/`,
    entries.map((entry) => `packages/${name}/dist/${entry}.d.ts`),
  );
  for (const [type, users] of missing) {
    console.error(
      `${name} exports ${users.join(", ")} and not the type ${type} in it. Add it to plugin.ts or index.ts.`,
    );
    process.exitCode = 1;
  }
}
if (process.exitCode === undefined) console.log("All types in public signatures are exported");

function findMissing(folder, files) {
  const { NodeNext: module } = ts.ModuleKind;
  const options = { module, moduleResolution: ts.ModuleResolutionKind.NodeNext, skipLibCheck: true };
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  const resolved = (symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const modules = files.map((file) => checker.getSymbolAtLocation(program.getSourceFile(file)));
  const exported = new Set(modules.flatMap((symbol) => checker.getExportsOfModule(symbol)).map(resolved));
  const missing = new Map();
  for (const user of exported) {
    for (const used of user.declarations.flatMap(namesIn)) {
      const symbol = resolved(checker.getSymbolAtLocation(used));
      const isOwn = symbol.declarations?.[0]?.getSourceFile().fileName.includes(folder) ?? false;
      if (!isOwn || symbol.flags & ts.SymbolFlags.TypeParameter || exported.has(symbol)) continue;
      missing.set(symbol.name, [...new Set([...(missing.get(symbol.name) ?? []), user.name])]);
    }
  }
  return missing;
}

/** The names of types in a declaration, except in its private and protected members. */
function namesIn(node) {
  const isMember = ts.isPropertyDeclaration(node) || ts.isMethodDeclaration(node);
  if (isMember && ts.getCombinedModifierFlags(node) & ts.ModifierFlags.NonPublicAccessibilityModifier)
    return [];
  const own = ts.isTypeReferenceNode(node)
    ? [node.typeName]
    : ts.isExpressionWithTypeArguments(node)
      ? [node.expression]
      : [];
  const children = [];
  ts.forEachChild(node, (child) => void children.push(...namesIn(child)));
  return [...own, ...children];
}
