// A separate addon that sets environment variables, and loads a library while standard error is redirected to /dev/null.
//
// libtensorflow and the other addon read environment variables with getenv(). Node passes what JavaScript writes to
// process.env on to setenv(), but Bun does not.
//
// libtensorflow prints two lines while it loads, before it reads TF_CPP_MIN_LOG_LEVEL. No setting suppresses them, and
// JavaScript can't redirect a file descriptor. The library stays loaded, so the addon that needs it does not load it again.
#include <dlfcn.h>
#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

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

// setEnvironment(name: string, value: string): undefined. An empty value removes the variable.
static napi_value SetEnvironment(napi_env env, napi_callback_info info) {
  size_t count = 2, length = 0;
  napi_value arguments[2];
  char name[256], value[4096];
  if (napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr) != napi_ok || count != 2) return nullptr;
  if (napi_get_value_string_utf8(env, arguments[0], name, sizeof name, &length) != napi_ok) return nullptr;
  if (napi_get_value_string_utf8(env, arguments[1], value, sizeof value, &length) != napi_ok) return nullptr;
  if (length == 0) {
    unsetenv(name);
  } else {
    setenv(name, value, 1);
  }
  return nullptr;
}

extern "C" __attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value load, set;
  if (napi_create_function(env, "load", NAPI_AUTO_LENGTH, Load, nullptr, &load) == napi_ok)
    napi_set_named_property(env, exports, "load", load);
  if (napi_create_function(env, "setEnvironment", NAPI_AUTO_LENGTH, SetEnvironment, nullptr, &set) == napi_ok)
    napi_set_named_property(env, exports, "setEnvironment", set);
  return exports;
}
