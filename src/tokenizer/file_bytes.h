#pragma once

#include <string>

#include "candor/base/result.h"

namespace candor::tokenizer {

/// A whole file. Errors: not_found, io; out_of_range above 1 GiB, which no vocabulary has.
[[nodiscard]] Result<std::string> read_bytes(const std::string& path);

}  // namespace candor::tokenizer
