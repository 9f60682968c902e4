// dataset/table_errors.h
// Pieces of messages about tables.
#pragma once

#include <string>
#include <string_view>

#include "candor/base/error.h"

namespace candor::dataset {

/// A file (or what it decompresses to) without a header.
[[nodiscard]] Error empty_table(std::string_view file);

/// The text between quotes, at most 20 bytes of it.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace candor::dataset
