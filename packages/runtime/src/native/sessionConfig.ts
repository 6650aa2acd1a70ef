import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** The environment variable from which the addon takes the settings of graphs that it loads, in hexadecimal. */
export const SESSION_CONFIG = "FULMINE_SESSION_CONFIG";

// The addon loads graphs with TensorFlow's default settings and has no way to say others. Compiled with another name for
// the function that makes settings, its own sources as they are call this one, which adds what the variable holds.
const NAME = "FulmineNewSessionOptions";
const SOURCE = `
#undef TF_NewSessionOptions
#include "tensorflow/c/c_api.h"
#include <cstdlib>
#include <string>
extern "C" TF_SessionOptions* ${NAME}() {
  TF_SessionOptions* options = TF_NewSessionOptions();
  const char* text = getenv("${SESSION_CONFIG}");
  if (text == nullptr) return options;
  std::string hex(text), config;
  for (size_t at = 0; at + 1 < hex.size(); at += 2)
    config.push_back(static_cast<char>(strtol(hex.substr(at, 2).c_str(), nullptr, 16)));
  TF_Status* status = TF_NewStatus();
  TF_SetConfig(options, config.data(), config.size(), status);
  TF_DeleteStatus(status);
  return options;
}
`;

/**
 * Writes the source that lets the addon's graphs have settings of their own.
 *
 * @returns What to compile the addon with besides.
 */
export function sessionConfigSource(folder: string): readonly string[] {
  const path = join(folder, "session_config.cc");
  writeFileSync(path, SOURCE);
  return [`-DTF_NewSessionOptions=${NAME}`, path];
}
