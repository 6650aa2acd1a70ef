import { beforeEach } from "vitest";
import { useAccelerator, type Accelerator } from "@fulmine/runtime";

/** Every test file of a backend's project runs on it, or is skipped with the reason why it can't be had. */
const wanted = process.env["FULMINE_TEST_BACKEND"] as Accelerator;

try {
  await useAccelerator(wanted);
} catch (error) {
  const reason = `${wanted} can't be had: ${error instanceof Error ? error.message : String(error)}`;
  if (process.env["FULMINE_REQUIRE_NATIVE"] === "1") throw new Error(reason, { cause: error });
  beforeEach(({ skip }) => skip(reason));
}
