// baseline/options.h
// The one way in which an option of this library is refused.
#pragma once

#include <string>
#include <string_view>

#include "candor/base/error.h"
#include "candor/base/result.h"
#include "candor/base/text.h"

namespace candor::baseline {

/// ok, or: field FIELD: found VALUE; expected EXPECTED; choose another value.
inline Status require(bool ok, std::string_view field, double value, std::string_view expected) {
  if (ok) return {};
  return Error{ErrorCode::invalid_argument, number_text(value)}
      .in_field(field)
      .expecting(expected)
      .way("choose another value");
}

}  // namespace candor::baseline
