#include "dataset/table_reader.h"

namespace candor::dataset {
namespace {

char first_character(std::string_view text) {
  const std::size_t at = text.find_first_not_of(" \t\r\n");
  return at == std::string_view::npos ? '\0' : text[at];
}

}  // namespace

Result<TableReader> TableReader::open(ByteSource source, JsonlReader::KnownKey known) {
  CANDOR_TRY(Window window, Window::open(std::move(source)));
  TableReader table;
  const char first = first_character(window.text());
  if (first == '[') {
    return Error{ErrorCode::malformed, "a JSON array"}
        .at_row(window.name(), 1)
        .expecting("CSV with a header, or one JSON object a line")
        .way("write one object a line, for example with jq -c '.[]'");
  }
  if (first == '{') {
    CANDOR_TRY(table.jsonl_, JsonlReader::open(std::move(window), std::move(known)));
  } else {
    CANDOR_TRY(table.csv_, CsvReader::open(std::move(window)));
  }
  return table;
}

}  // namespace candor::dataset
