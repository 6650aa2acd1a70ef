// Gives the graphs that the addon loads their own session settings.
//
// The addon loads graphs with TensorFlow's default settings and offers no way to change them. Its sources are compiled
// unchanged, but with -DTF_NewSessionOptions=FulmineNewSessionOptions and -DTF_SessionRun=FulmineSessionRun, so that they
// call the functions below instead of TensorFlow's. FulmineNewSessionOptions applies the settings from the environment
// variable FULMINE_SESSION_CONFIG, a ConfigProto in hexadecimal.
#undef TF_NewSessionOptions
#undef TF_SessionRun
#include "tensorflow/c/c_api.h"

#include <cstdint>
#include <cstdlib>
#include <string>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace {

// Flushes denormal numbers to zero while it exists, as TensorFlow's own threads and its eager kernels do. A graph may run
// in the calling thread, which is Node's and does not flush them.
class FlushDenormals {
 public:
  FlushDenormals() : before_(Get()) { Set(before_ | kFlush); }
  ~FlushDenormals() { Set(before_); }

 private:
#if defined(__x86_64__)
  static constexpr uint64_t kFlush = 0x8040;
  static uint64_t Get() { return _mm_getcsr(); }
  static void Set(uint64_t state) { _mm_setcsr(static_cast<unsigned>(state)); }
#elif defined(__aarch64__)
  static constexpr uint64_t kFlush = uint64_t{1} << 24;
  static uint64_t Get() {
    uint64_t state;
    asm volatile("mrs %0, fpcr" : "=r"(state));
    return state;
  }
  static void Set(uint64_t state) { asm volatile("msr fpcr, %0" : : "r"(state)); }
#else
  static constexpr uint64_t kFlush = 0;
  static uint64_t Get() { return 0; }
  static void Set(uint64_t) {}
#endif
  const uint64_t before_;
};

}  // namespace

extern "C" void FulmineSessionRun(TF_Session* session, const TF_Buffer* run_options, const TF_Output* inputs,
                                  TF_Tensor* const* input_values, int ninputs, const TF_Output* outputs,
                                  TF_Tensor** output_values, int noutputs,
                                  const TF_Operation* const* target_opers, int ntargets,
                                  TF_Buffer* run_metadata, TF_Status* status) {
  FlushDenormals flush;
  TF_SessionRun(session, run_options, inputs, input_values, ninputs, outputs, output_values, noutputs, target_opers,
                ntargets, run_metadata, status);
}

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
