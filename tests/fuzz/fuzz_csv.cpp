// Any bytes as CSV: no crash, every record as wide as the header, every field valid UTF-8.
#include <simdjson.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "candor/dataset/csv.h"

namespace {

using namespace candor::dataset;

candor::Status read(std::string bytes) {
  CANDOR_TRY(ByteSource source, ByteSource::from_memory("fuzz", std::move(bytes)));
  CANDOR_TRY(Window window, Window::open(std::move(source)));
  CANDOR_TRY(CsvReader reader, CsvReader::open(std::move(window)));
  std::uint64_t row = 0;
  for (;;) {
    CANDOR_TRY(const bool more, reader.next());
    if (!more) return {};
    if (reader.fields().size() != reader.header().size() || reader.row() <= row) std::abort();
    row = reader.row();
    for (const std::string_view field : reader.fields())
      if (!simdjson::validate_utf8(field.data(), field.size())) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto status = read({reinterpret_cast<const char*>(data), size});
  if (!status.ok() && status.error().message().empty()) std::abort();
  return 0;
}
