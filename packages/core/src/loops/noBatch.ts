import { FulmineError } from "../errors/fulmineError.js";

/** The error for training data without a batch, in an epoch counted from 0. */
export function noBatch(epoch: number): FulmineError {
  if (epoch === 0) {
    return new FulmineError("EMPTY_DATA", "`train` gave no batch.", {
      todo: "Check the data source: it ended at once.",
    });
  }
  return new FulmineError(
    "EMPTY_DATA",
    `\`train\` gave no batch in epoch ${epoch}: it can be read only once.`,
    {
      todo: "Pass a DataLoader or an object whose [Symbol.asyncIterator]() starts anew, or set maxEpochs: 1.",
    },
  );
}
