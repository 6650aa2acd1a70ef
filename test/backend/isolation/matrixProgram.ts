import { useAccelerator, type Accelerator } from "@fulmine/runtime";
import { columns, measureScenario } from "./measureScenario.js";
import { endings } from "./scenarios.js";

// Prints the isolation matrix of a backend as JSON, or the rows of one ending: matrixProgram.ts BACKEND [ENDING]
const [backend, only] = process.argv.slice(2);
await useAccelerator(backend as Accelerator);
const matrix: Record<string, Record<string, boolean>> = {};
for (const ending of endings.filter(({ name }) => only === undefined || name === only)) {
  const outcome = await measureScenario(ending);
  matrix[ending.name] = Object.fromEntries(columns.map((column) => [column, outcome[column]]));
}
process.stdout.write(`${JSON.stringify(matrix)}\n`);
