// Any bytes as JSON lines: no crash, as many fields as the header has names.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "candor/dataset/jsonl.h"

namespace {

using namespace candor::dataset;

candor::Status read(std::string bytes) {
  CANDOR_TRY(ByteSource source, ByteSource::from_memory("fuzz", std::move(bytes)));
  CANDOR_TRY(Window window, Window::open(std::move(source)));
  CANDOR_TRY(JsonlReader reader, JsonlReader::open(std::move(window), [](std::string_view key) {
               return key.size() < 4;
             }));
  for (;;) {
    CANDOR_TRY(const bool more, reader.next());
    if (!more) return {};
    if (reader.fields().size() != reader.header().size()) std::abort();
    for (const std::string_view field : reader.fields())
      if (field.find('\0') != std::string_view::npos) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto status = read({reinterpret_cast<const char*>(data), size});
  if (!status.ok() && status.error().message().empty()) std::abort();
  return 0;
}
