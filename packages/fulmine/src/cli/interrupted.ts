/** The exit status of a program that Ctrl-C stopped, as shells have it. */
export const INTERRUPTED = 130;
