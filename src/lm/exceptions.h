// lm/exceptions.h
// LibTorch throws; Candor returns. Every call that comes from outside goes through here.
#pragma once

#include <exception>
#include <string>

#include "candor/base/error.h"

namespace candor::lm {

/// The first line of what was thrown: io where memory ran out, unsupported for anything else.
[[nodiscard]] Error error_of(const std::exception& thrown);

/// f(), which returns a Result or Status; what it throws becomes an Error.
template <class F>
auto without_exceptions(F&& f) -> decltype(f()) {
  try {
    return f();
  } catch (const std::exception& thrown) {
    return error_of(thrown);
  }
}

}  // namespace candor::lm
