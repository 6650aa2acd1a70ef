import { describe, expect, it } from "vitest";
import { parseCudaRequirements } from "../../../src/native/build/fetchWheels.js";

describe("CUDA requirements", () => {
  it("are the NVIDIA packages of the wheel's and-cuda extra, with their bounds", () => {
    const metadata = [
      "Requires-Dist: numpy>=1.26.0",
      'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
      "Requires-Dist: nvidia-cudnn-cu12 (==9.3.0.75) ; extra == 'and-cuda'",
      'Requires-Dist: nvidia-other<2; extra == "something-else"',
    ].join("\n");
    expect(parseCudaRequirements(metadata)).toEqual([
      "nvidia-cublas-cu12<13.0,>=12.5.3.2",
      "nvidia-cudnn-cu12==9.3.0.75",
    ]);
  });
});
