// align/option_check.h
// Refusals of options, in one wording.
#pragma once

#include <cmath>
#include <span>
#include <string>
#include <string_view>

#include "candor/base/result.h"
#include "candor/base/text.h"

namespace candor::align {

inline Status require(bool good, std::string_view option, double found, std::string_view expected) {
  if (good) return {};
  return Error{ErrorCode::out_of_range, number_text(found)}
      .in_field(option)
      .expecting(expected)
      .way("correct the option");
}

inline Status positive(std::string_view option, double found) {
  return require(std::isfinite(found) && found > 0.0, option, found, "a number > 0");
}

inline Status not_negative(std::string_view option, double found) {
  return require(std::isfinite(found) && found >= 0.0, option, found, "a number >= 0");
}

inline Error unknown_name(std::string_view option, std::string_view found,
                          std::span<const std::string_view> known) {
  std::string list;
  for (const std::string_view name : known) (list += list.empty() ? "" : ", ") += name;
  return Error{ErrorCode::invalid_argument, printable(found)}.in_field(option).expecting("one of " +
                                                                                         list);
}

}  // namespace candor::align
