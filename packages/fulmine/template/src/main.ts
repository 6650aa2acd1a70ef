import { prepareRuntime, Trainer } from "fulmine";
import * as spirals from "./train.js";

await prepareRuntime();
const model = spirals.model();
const trainer = new Trainer({ ...spirals.trainer, autoLrFind: true });
const { metrics } = await trainer.fit(model, spirals.data());

const figure = await trainer.lrFinder?.plot({ suggest: true });
console.log(`\n${figure?.toString() ?? ""}\n`);
console.log(`Accuracy on held-out points: ${metrics["val_acc"]?.toFixed(3) ?? ""}`);
