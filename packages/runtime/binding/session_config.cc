// Lets the graphs that the addon loads have settings of their own.
//
// The addon loads graphs with TensorFlow's default settings and has no way to say others. Its own sources are compiled as
// they are, but with -DTF_NewSessionOptions=FulmineNewSessionOptions, so that they call this function in the place of
// TensorFlow's; it adds what the environment variable FULMINE_SESSION_CONFIG holds: a ConfigProto in hexadecimal.
#undef TF_NewSessionOptions
#include "tensorflow/c/c_api.h"

#include <cstdlib>
#include <string>

extern "C" TF_SessionOptions* FulmineNewSessionOptions() {
  TF_SessionOptions* options = TF_NewSessionOptions();
  const char* text = getenv("FULMINE_SESSION_CONFIG");
  if (text == nullptr) return options;
  std::string hex(text), config;
  for (size_t at = 0; at + 1 < hex.size(); at += 2)
    config.push_back(static_cast<char>(strtol(hex.substr(at, 2).c_str(), nullptr, 16)));
  TF_Status* status = TF_NewStatus();
  TF_SetConfig(options, config.data(), config.size(), status);
  TF_DeleteStatus(status);
  return options;
}
