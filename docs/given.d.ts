// What snippets in Markdown take for given; see scripts/checkSnippets.mjs.
import type { DataLoader, LrFinder, Module } from "fulmine";

declare global {
  /** A module of the reader's own, with a learning rate among its hyperparameters. */
  const model: Module<{ lr: number }>;
  const train: DataLoader;
  const val: DataLoader;
  const test: DataLoader;
  const finder: LrFinder;
  const other: LrFinder;
  /** Images of the reader's own, 64 numbers each, and their classes. */
  const pixels: Float32Array;
  const labels: Int32Array;
}
