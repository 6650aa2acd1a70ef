// A TypeDoc plug-in: names the modules of the reference as they are imported.
import { Converter, ReflectionKind } from "typedoc";

const names = {
  "core/src": "@fulmine/core",
  "core/src/node": "@fulmine/core/node",
  "core/src/plugin": "@fulmine/core/plugin",
  "batch-size-finder/src": "@fulmine/batch-size-finder",
  "figure/src": "@fulmine/figure",
  "figure/src/plugin": "@fulmine/figure/plugin",
  "lr-finder/src": "@fulmine/lr-finder",
  "runtime/src": "@fulmine/runtime",
  "runtime/src/node": "@fulmine/runtime/node",
  "fulmine/src": "fulmine",
};

export function load({ converter }) {
  converter.on(Converter.EVENT_CREATE_DECLARATION, (_, reflection) => {
    if (reflection.kindOf(ReflectionKind.Module)) reflection.name = names[reflection.name] ?? reflection.name;
  });
}
