#include "checkpoint/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace candor::checkpoint {
namespace {

Error system_error(const std::string& path) {
  const bool absent = errno == ENOENT || errno == ENOTDIR;
  return Error{absent ? ErrorCode::not_found : ErrorCode::io, std::strerror(errno)}
      .in_file(path)
      .expecting("a file that can be read");
}

Error ends_early(const InputFile& file, std::uint64_t place, std::size_t bytes) {
  return Error{ErrorCode::malformed, "a file of " + std::to_string(file.size()) + " bytes"}
      .in_file(file.path())
      .expecting(std::to_string(bytes) + " bytes from byte " + std::to_string(place) + " on")
      .way("the file is cut short: copy or download it again");
}

}  // namespace

Result<InputFile> InputFile::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return system_error(path);
  struct stat facts{};
  if (::fstat(file, &facts) != 0) {
    const Error error = system_error(path);
    ::close(file);
    return error;
  }
  InputFile opened(path, file, static_cast<std::uint64_t>(facts.st_size));
  if (!S_ISREG(facts.st_mode))
    return Error{ErrorCode::unsupported, "a folder or device"}.in_file(path).expecting("a file");
  return opened;
}

InputFile::InputFile(InputFile&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)), size_(other.size_) {}

InputFile& InputFile::operator=(InputFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(file_, other.file_);
  std::swap(size_, other.size_);
  return *this;
}

InputFile::~InputFile() {
  if (file_ >= 0) ::close(file_);
}

Status InputFile::read_at(std::uint64_t place, std::span<std::uint8_t> bytes) const {
  if (place > size_ || bytes.size() > size_ - place) return ends_early(*this, place, bytes.size());
  while (!bytes.empty()) {
    const ssize_t got = ::pread(file_, bytes.data(), bytes.size(), static_cast<off_t>(place));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(path_);
    if (got == 0) return ends_early(*this, place, bytes.size());
    bytes = bytes.subspan(static_cast<std::size_t>(got));
    place += static_cast<std::uint64_t>(got);
  }
  return {};
}

Result<std::string> read_text(const std::string& path, std::uint64_t limit) {
  CANDOR_TRY(const InputFile file, InputFile::open(path));
  if (file.size() > limit)
    return Error{ErrorCode::malformed, std::to_string(file.size()) + " bytes"}
        .in_file(path)
        .expecting("at most " + std::to_string(limit));
  std::string text(file.size(), '\0');
  CANDOR_CHECK(file.read_at(0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
  return text;
}

}  // namespace candor::checkpoint
