import { isDataloaders, type Dataloaders, type GivenData, type Stage } from "../data/dataloaders.js";

/** The DataModules that a run has set up; each is set up once, and torn down when the run ends. */
export class PreparedData {
  readonly #isSetUp = new Set<Dataloaders<unknown>>();

  /** Prepares and sets up a DataModule unless it already was; other data needs nothing. */
  async prepare<B>(data: GivenData<B>, stage: Stage): Promise<void> {
    if (!isDataloaders(data) || this.#isSetUp.has(data)) return;
    await data.prepareData?.();
    await data.setup?.(stage);
    this.#isSetUp.add(data);
  }

  /** Tears down all DataModules that were set up. */
  async tearDown(stage: Stage): Promise<void> {
    const all = [...this.#isSetUp];
    this.#isSetUp.clear();
    for (const data of all) await data.teardown?.(stage);
  }
}
