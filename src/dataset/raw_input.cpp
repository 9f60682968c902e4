#include "dataset/raw_input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace candor::dataset {
namespace {

constexpr std::size_t magic_size = 4;

Error cannot_open(const std::string& path) {
  const int reason = errno;
  return Error{reason == ENOENT ? ErrorCode::not_found : ErrorCode::io,
               "opening failed: " + std::generic_category().message(reason)}
      .in_file(path)
      .expecting("a file that can be read")
      .way("check the path and its permissions");
}

bool is_regular(int descriptor) {
  struct stat facts{};
  return ::fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode);
}

}  // namespace

Result<RawInput> RawInput::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return cannot_open(path);
  RawInput input(path, {}, descriptor);
  if (!is_regular(descriptor)) {
    return Error{ErrorCode::unsupported, "a folder, pipe or device"}
        .in_file(path)
        .expecting("a regular file, since tables are read twice")
        .way("write the data to a file first");
  }
  return input;
}

RawInput RawInput::from_memory(std::string name, std::string bytes) {
  return {std::move(name), std::move(bytes), -1};
}

RawInput::RawInput(RawInput&& other) noexcept
    : name_(std::move(other.name_)),
      bytes_(std::move(other.bytes_)),
      position_(other.position_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      taken_(other.taken_) {}

RawInput& RawInput::operator=(RawInput&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(bytes_, other.bytes_);
  std::swap(position_, other.position_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(taken_, other.taken_);
  return *this;
}

RawInput::~RawInput() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::size_t> RawInput::read(std::span<char> out) {
  const std::size_t stored = std::min(out.size(), bytes_.size() - position_);
  if (stored > 0) std::memcpy(out.data(), bytes_.data() + position_, stored);
  position_ += stored;
  std::size_t filled = stored;
  if (descriptor_ >= 0) {
    CANDOR_TRY(const std::size_t more, read_more(out.subspan(stored)));
    filled += more;
  }
  taken_ += filled;
  return filled;
}

Result<std::size_t> RawInput::read_more(std::span<char> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const ssize_t got = ::read(descriptor_, out.data() + filled, out.size() - filled);
    if (got == 0) break;
    if (got < 0 && errno != EINTR) return system_error("reading");
    if (got > 0) filled += static_cast<std::size_t>(got);
  }
  return filled;
}

Result<std::string_view> RawInput::magic() {
  if (descriptor_ >= 0 && bytes_.empty()) {
    bytes_.resize(magic_size);
    CANDOR_TRY(const std::size_t got, read_more(bytes_));
    bytes_.resize(got);
  }
  return std::string_view(bytes_).substr(0, magic_size);
}

Error RawInput::system_error(std::string_view action) const {
  return Error{ErrorCode::io, std::string(action) + " failed after " + std::to_string(taken_) +
                                  " bytes: " + std::generic_category().message(errno)}
      .in_file(name_)
      .expecting("a file that can be read to its end")
      .way("copy the file to a healthy disk and try again");
}

}  // namespace candor::dataset
