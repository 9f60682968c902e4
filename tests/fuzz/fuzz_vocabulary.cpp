// Any bytes as a llama2.c vocabulary: no crash; where it reads, texts come back as they were.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tokenizer/llama2c_vocabulary.h"

using namespace candor::tokenizer;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto pieces = parse_llama2c_vocabulary(bytes, "fuzz");
  if (!pieces.ok()) return 0;
  auto files = files_of(*pieces, "fuzz");
  if (!files.ok()) return 0;
  const auto tokenizer = parse_tokenizer(std::move(files).value());
  if (!tokenizer.ok()) return 0;
  const std::string text = "a bc  \n\xFF\xE6\xBC\xA2";
  if (*(*tokenizer)->decode((*tokenizer)->encode(text)) != text) std::abort();
  return 0;
}
