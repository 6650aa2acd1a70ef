import { DEFAULT_TENSORFLOW, setupNative } from "@fulmine/runtime/node";
import { command } from "../command.js";
import { setupPrinter } from "../../node/setupPrinter.js";

/** `fulmine setup`: installs the native backend for this user. */
export const setup = command({
  name: "setup",
  summary: "Install the native backend (libtensorflow) for this user; safe to run again",
  flags: {
    tensorflow: {
      type: "string",
      value: "VERSION",
      meaning: `the release of TensorFlow (default ${DEFAULT_TENSORFLOW})`,
    },
    gpu: { type: "boolean", meaning: "install the one for NVIDIA GPUs, with CUDA (about 3 GB)" },
    "allow-unverified": {
      type: "boolean",
      meaning: "install a release that this version has no hashes of, as the package index gives it",
    },
    quiet: { type: "boolean", meaning: "print nothing but errors" },
  },
  examples: [
    ["fulmine setup", "for the CPU"],
    ["fulmine setup --gpu", "for an NVIDIA GPU"],
    ["FULMINE_CACHE=/big/disk fulmine setup", "keep it elsewhere than in ~/.cache/fulmine"],
  ],
  async run({ tensorflow, gpu = false, quiet = false, "allow-unverified": allowUnverified = false }) {
    const printer = quiet ? null : setupPrinter(process.stdout);
    try {
      const { build, isFresh, seconds } = await setupNative({
        gpu,
        allowUnverified,
        ...(tensorflow === undefined ? {} : { tensorflow }),
        ...(printer === null ? {} : { onProgress: printer.update }),
      });
      printer?.end(true);
      if (quiet) return 0;
      const what = `TensorFlow ${build.tensorflow} (${build.flavor})`;
      console.log(
        isFresh ? `${what} is installed, in ${seconds.toFixed(0)} s.` : `${what} is installed already.`,
      );
      console.log(`It is kept in ${build.folder}.`);
      return 0;
    } catch (error) {
      printer?.end(false);
      throw error;
    }
  },
});
