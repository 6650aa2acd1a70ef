import { bindingSource } from "./bindingSource.js";

/**
 * The environment variable from which the addon takes the settings of graphs that it loads, in hexadecimal; read by
 * `binding/session_config.cc`.
 */
export const SESSION_CONFIG = "FULMINE_SESSION_CONFIG";

/** What the addon is compiled with besides, so that its graphs can have settings of their own. */
export function sessionConfigArguments(): readonly string[] {
  return [
    "-DTF_NewSessionOptions=FulmineNewSessionOptions",
    "-DTF_SessionRun=FulmineSessionRun",
    bindingSource("session_config.cc"),
  ];
}
