import type { FulmineError } from "@fulmine/core";

/** What shows that a message was made of values without a thought. */
const CARELESS =
  /\[object |undefined is not|is not a function|is not iterable|Cannot (read|convert)|: undefined$/;

/**
 * Sees that an error says what was wrong, and what was received or what to do.
 *
 * @throws Error when it does not.
 */
export function readable(error: FulmineError): FulmineError {
  const { code, message } = error;
  // What was received is told as it is, whatever it is called.
  const own = message.replace(/Received: .*?\.( |$)/, "");
  const faults = [
    [!/^[A-Z_]+$/.test(code), "has no code"],
    [message.length > 2000, "is too long"],
    [/[\n\r]/.test(message), "has several lines"],
    [!/[.!?]$/.test(message), "does not end as a sentence does"],
    [CARELESS.test(own), "shows how it was made"],
    [!/Received: |[.:;,] \S/.test(message), "says neither what was received nor what to do"],
  ] as const;
  const fault = faults.find(([isSo]) => isSo);
  if (fault === undefined) return error;
  throw new Error(`The message of an error ${fault[1]}: ${code}: ${message}`, { cause: error });
}
