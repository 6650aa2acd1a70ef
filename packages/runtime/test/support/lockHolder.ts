import { tryLock } from "../../src/native/cache/cacheLock.js";

/** Holds a lock until its process ends. */
process.stdout.write(tryLock("build") === null ? "REFUSED\n" : "HELD\n");
setInterval(() => undefined, 60_000);
