#include "dataset/table_errors.h"

namespace candor::dataset {

Error empty_table(std::string_view file) {
  return Error{ErrorCode::malformed, "an empty file"}
      .in_file(file)
      .expecting("a table with a header and rows")
      .way("check how the file was written");
}

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 20;
  if (text.size() <= longest) return '"' + std::string(text) + '"';
  std::size_t cut = longest;  // not inside a character
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0U) == 0x80U) --cut;
  return '"' + std::string(text.substr(0, cut)) + "...\"";
}

}  // namespace candor::dataset
