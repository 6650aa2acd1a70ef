import fc from "fast-check";

/**
 * Property tests try the same cases at every run, so that a change and nothing else makes them fail.
 * `FULMINE_FUZZ_SEED` tries others; a failure prints the seed that it had.
 */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env["FULMINE_FUZZ_SEED"] ?? 1) });
