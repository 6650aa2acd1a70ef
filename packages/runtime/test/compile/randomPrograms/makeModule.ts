import type { Callback } from "@fulmine/core";
import type { Journal } from "./journal.js";
import { hookNames, type Hooked, type Program } from "./program.js";
import { ProgramModule } from "./programModule.js";
import { withSignature } from "./signatures.js";

/** A program's module and callback. */
export interface MadeModule {
  readonly module: ProgramModule;
  readonly callback: Callback;
}

/** Makes the module and the callback that a program describes. */
export function makeModule(program: Program, journal: Journal): MadeModule {
  const module = new ProgramModule(program, journal);
  const methods: Record<string, unknown> = {
    trainingStep: withSignature(program.signature, (batch, batchIdx) => module.train(batch, batchIdx)),
    ...hooksOf(module, "module"),
  };
  if (program.validation !== null)
    methods["validationStep"] = withSignature(program.signature, (batch, batchIdx) =>
      module.validate(batch, batchIdx),
    );
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(module, name, { value });
  return { module, callback: hooksOf(module, "callback") };
}

function hooksOf(module: ProgramModule, by: Hooked["by"]): Record<string, () => void> {
  const hooked = module.program.hooks.filter((each) => each.by === by);
  const names = hookNames.filter((name) => hooked.some(({ hook }) => hook === name));
  return Object.fromEntries(
    names.map((name) => [
      name,
      () => {
        const call = module.journal.begin(`${by}'s ${name}`);
        for (const { hook, statement } of hooked) if (hook === name) module.perform(statement, call, null);
      },
    ]),
  );
}
