// A separate addon that loads a library while standard error is redirected to /dev/null.
//
// libtensorflow prints two lines while it loads, before it reads TF_CPP_MIN_LOG_LEVEL. No setting suppresses them, and
// JavaScript can't redirect a file descriptor. The library stays loaded, so the addon that needs it does not load it again.
#include <dlfcn.h>
#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

#include <cstdio>

// load(path: string): undefined. A failure to load is ignored here: the addon that needs the library reports it.
static napi_value Load(napi_env env, napi_callback_info info) {
  size_t count = 1, length = 0;
  napi_value argument;
  char path[4096];
  if (napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr) != napi_ok || count != 1) return nullptr;
  if (napi_get_value_string_utf8(env, argument, path, sizeof path, &length) != napi_ok) return nullptr;
  fflush(stderr);
  int kept = dup(2), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (kept >= 0 && nowhere >= 0) dup2(nowhere, 2);
  dlopen(path, RTLD_LAZY | RTLD_LOCAL);
  fflush(stderr);
  if (kept >= 0) {
    dup2(kept, 2);
    close(kept);
  }
  if (nowhere >= 0) close(nowhere);
  return nullptr;
}

extern "C" __attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value load;
  if (napi_create_function(env, "load", NAPI_AUTO_LENGTH, Load, nullptr, &load) == napi_ok)
    napi_set_named_property(env, exports, "load", load);
  return exports;
}
