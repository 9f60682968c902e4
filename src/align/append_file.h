// align/append_file.h
// Files that grow at the end and are sometimes cut: logs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "candor/base/result.h"

namespace candor::align {

/// Appends and hands the bytes to the system; makes the file if need be. Errors: io.
Status append_to(const std::string& path, std::string_view bytes);
/// The first `size` bytes stay. Errors: io.
Status cut_to(const std::string& path, std::uint64_t size);
/// All bytes; empty for a file that is not there. Errors: io.
[[nodiscard]] Result<std::string> bytes_of(const std::string& path);

}  // namespace candor::align
