import { tryLock } from "../../src/native/cacheLock.js";

/** Takes a lock and holds it as long as it lives. */
process.stdout.write(tryLock("build") === null ? "REFUSED\n" : "HELD\n");
setInterval(() => undefined, 60_000);
