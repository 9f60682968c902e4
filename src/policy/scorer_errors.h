// policy/scorer_errors.h
// The refusals that every small model makes in the same words.
#pragma once

#include <cmath>
#include <span>
#include <string>

#include "candor/base/result.h"
#include "candor/base/text.h"

namespace candor::policy {

inline Error frozen_error() {
  return Error{ErrorCode::unsupported, "training a frozen copy"}
      .expecting("the policy it was copied from")
      .way("train that one, or open the model anew");
}

inline Status check_derivative(std::span<const double> derivative, std::size_t sequences) {
  if (derivative.size() != sequences)
    return Error{ErrorCode::invalid_argument, std::to_string(derivative.size()) + " derivatives"}
        .expecting(std::to_string(sequences) + ", one for each sequence of the last forward");
  for (const double d : derivative)
    if (!std::isfinite(d))
      return Error{ErrorCode::out_of_range, "a derivative of " + number_text(d)}.expecting(
          "finite numbers");
  return {};
}

}  // namespace candor::policy
