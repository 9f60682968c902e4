#include "checkpoint/byte_reader.h"

#include <algorithm>

namespace candor::checkpoint {
namespace {

constexpr std::uint64_t window_bytes = 64 * 1024;

}  // namespace

Status ByteReader::refill() {
  window_.resize(std::min(window_bytes, remaining()));
  window_start_ = place_;
  return file_.read_at(place_, window_);
}

Status ByteReader::fill(std::span<std::uint8_t> bytes) {
  if (bytes.size() > remaining()) return file_.read_at(place_, bytes);  // says that it ends early
  while (!bytes.empty()) {
    if (place_ - window_start_ >= window_.size()) CANDOR_CHECK(refill());
    const std::uint64_t skip = place_ - window_start_;
    const std::size_t now = std::min(bytes.size(), window_.size() - skip);
    std::memcpy(bytes.data(), window_.data() + skip, now);
    bytes = bytes.subspan(now);
    place_ += now;
  }
  return {};
}

Result<std::string> ByteReader::text() {
  CANDOR_TRY(const auto length, number<std::uint64_t>());
  CANDOR_CHECK(check_room(length, 1, "bytes of text"));
  std::string text(length, '\0');
  CANDOR_CHECK(fill({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
  return text;
}

Status ByteReader::check_room(std::uint64_t count, std::uint64_t bytes_each,
                              const std::string& what) const {
  if (count <= remaining() / bytes_each) return {};
  return Error{ErrorCode::malformed,
               std::to_string(count) + " " + what + " at byte " + std::to_string(place_)}
      .in_file(file_.path())
      .expecting("at most " + std::to_string(remaining() / bytes_each) + " in the " +
                 std::to_string(remaining()) + " bytes left")
      .way("the file is cut short or damaged: copy or download it again");
}

}  // namespace candor::checkpoint
