import { createHash } from "node:crypto";
import type { LayersModel } from "@tensorflow/tfjs";

/** A short digest of a model's weights: equal digests, equal bits. */
export function weightsDigest(model: LayersModel): string {
  const hash = createHash("sha256");
  for (const weight of model.getWeights()) hash.update(weight.dataSync());
  return hash.digest("hex").slice(0, 16);
}
