import { DEFAULT_TENSORFLOW, setupNative } from "@fulmine/runtime/node";
import { command } from "../command.js";
import { withSetupProgress } from "../../node/withSetupProgress.js";

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
    gpu: { type: "boolean", meaning: "install the build for NVIDIA GPUs, with CUDA (about 3 GB)" },
    "allow-unverified": {
      type: "boolean",
      meaning: "install a release whose hashes this version does not know",
    },
    quiet: { type: "boolean", meaning: "print only errors" },
  },
  examples: [
    ["fulmine setup", "for the CPU"],
    ["fulmine setup --gpu", "for an NVIDIA GPU"],
    ["FULMINE_CACHE=/big/disk fulmine setup", "install into another folder than ~/.cache/fulmine"],
  ],
  async run({ tensorflow, gpu = false, quiet = false, "allow-unverified": allowUnverified = false }) {
    const options = { gpu, allowUnverified, ...(tensorflow === undefined ? {} : { tensorflow }) };
    if (quiet) {
      await setupNative(options);
      return 0;
    }
    const { build, isFresh, seconds } = await withSetupProgress(process.stdout, (onProgress) =>
      setupNative({ ...options, onProgress }),
    );
    const release = `TensorFlow ${build.tensorflow} (${build.flavor})`;
    console.log(
      isFresh ? `Installed ${release} in ${seconds.toFixed(0)} s.` : `${release} is already installed.`,
    );
    console.log(`Folder: ${build.folder}`);
    return 0;
  },
});
