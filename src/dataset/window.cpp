#include "candor/dataset/window.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace candor::dataset {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

// True if every byte is in 1 .. 0x7f; a loop without branches, which compilers vectorise.
bool is_plain_ascii(std::string_view bytes) {
  unsigned other = 0;
  for (const char c : bytes)
    other |= static_cast<unsigned char>(static_cast<unsigned char>(c) - 1U) >= 0x7fU ? 1U : 0U;
  return other == 0;
}

}  // namespace

Result<Window> Window::open(ByteSource source) {
  Window window(std::move(source));
  window.close_up();
  CANDOR_CHECK(window.grow());
  if (window.text().starts_with(byte_order_mark)) {
    window.consume(window.begin() + byte_order_mark.size());
    window.plain_ascii_ = is_plain_ascii(window.text());
  }
  return window;
}

Result<bool> Window::grow() {
  const std::size_t before = end_ - begin_;
  if (before > longest_record) {
    return Error{ErrorCode::malformed, "a record of more than 64 MiB"}
        .expecting("records below 64 MiB")
        .way("look for a quote that is never closed, or for missing line ends");
  }
  std::memmove(buffer_.data(), buffer_.data() + begin_, before);
  begin_ = 0;
  end_ = before;
  plain_ascii_ = before == 0 || plain_ascii_;
  do {
    CANDOR_TRY(const std::string_view block, source_.next_block());
    if (block.empty()) break;
    append(block);
  } while (end_ < 2 * before);
  close_up();
  return end_ > before;
}

void Window::append(std::string_view block) {
  const std::size_t needed = end_ + block.size() + padding;
  if (buffer_.size() < needed)
    buffer_.resize(std::max(needed, buffer_.size() + buffer_.size() / 2));
  std::memcpy(buffer_.data() + end_, block.data(), block.size());
  end_ += block.size();
  plain_ascii_ = plain_ascii_ && is_plain_ascii(block);
}

void Window::close_up() {
  if (buffer_.size() < end_ + padding) buffer_.resize(end_ + padding);
  buffer_[end_] = '\n';
}

}  // namespace candor::dataset
