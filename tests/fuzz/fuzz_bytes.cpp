// Any bytes as a plain, gzip or zstd source, at most 8 MiB of what it decodes to.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "candor/dataset/byte_source.h"

namespace {

using namespace candor::dataset;

candor::Status read(std::string bytes) {
  const std::string copy = bytes;
  CANDOR_TRY(ByteSource source, ByteSource::from_memory("fuzz", std::move(bytes)));
  std::string text;
  while (text.size() < (8U << 20U)) {
    CANDOR_TRY(const std::string_view block, source.next_block());
    if (block.empty()) break;
    text += block;
  }
  if (source.format() == ByteSource::Format::plain && text != copy) std::abort();
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto status = read({reinterpret_cast<const char*>(data), size});
  if (!status.ok() && status.error().message().empty()) std::abort();
  return 0;
}
