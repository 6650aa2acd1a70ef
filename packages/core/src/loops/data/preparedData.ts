import { isDataloaders, type Dataloaders, type GivenData, type Stage } from "../../data/dataloaders.js";

/** The DataModules that a run has set up, each once; they are torn down when it ends. */
export class PreparedData {
  readonly #isSetUp = new Set<Dataloaders<unknown>>();

  /** Lets a DataModule fetch and set up its data, unless that was done; other data needs nothing. */
  async prepare<B>(data: GivenData<B>, stage: Stage): Promise<void> {
    if (!isDataloaders(data) || this.#isSetUp.has(data)) return;
    await data.prepareData?.();
    await data.setup?.(stage);
    this.#isSetUp.add(data);
  }

  /** Tears down what was set up, and forgets it. */
  async tearDown(stage: Stage): Promise<void> {
    const all = [...this.#isSetUp];
    this.#isSetUp.clear();
    for (const data of all) await data.teardown?.(stage);
  }
}
