#include "align/append_file.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace candor::align {
namespace {

Error io_error(const std::string& path, const std::string& action, const std::error_code& code) {
  return Error{ErrorCode::io, action + " failed: " + code.message()}
      .in_file(path)
      .expecting("a writable file with room on the disk")
      .way("free some room, or fix its permissions");
}

std::error_code last_error() {
  return {errno, std::generic_category()};
}

}  // namespace

Status append_to(const std::string& path, std::string_view bytes) {
  std::FILE* file = std::fopen(path.c_str(), "abe");
  if (file == nullptr) return io_error(path, "opening for writing", last_error());
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  const bool closed = std::fclose(file) == 0;
  if (!written || !closed) return io_error(path, "writing", last_error());
  return {};
}

Status cut_to(const std::string& path, std::uint64_t size) {
  std::error_code code;
  std::filesystem::resize_file(path, size, code);
  if (code) return io_error(path, "cutting the file", code);
  return {};
}

Result<std::string> bytes_of(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::string();
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) return io_error(path, "reading", last_error());
  return bytes;
}

}  // namespace candor::align
