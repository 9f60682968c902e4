#include "tokenizer/file_bytes.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace candor::tokenizer {

Result<std::string> read_bytes(const std::string& path) {
  std::error_code failure;
  const auto size = std::filesystem::file_size(path, failure);
  if (failure) {
    const bool absent = failure == std::errc::no_such_file_or_directory;
    return Error{absent ? ErrorCode::not_found : ErrorCode::io, failure.message()}.in_file(path);
  }
  if (size > (std::uintmax_t{1} << 30U))
    return Error{ErrorCode::out_of_range, std::to_string(size) + " bytes"}.in_file(path).expecting(
        "a vocabulary of at most 1 GiB");
  std::string bytes(size, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), static_cast<std::streamsize>(size));
  if (!file || static_cast<std::uintmax_t>(file.gcount()) != size)
    return Error{ErrorCode::io, "the file could not be read to its end"}.in_file(path);
  return bytes;
}

}  // namespace candor::tokenizer
