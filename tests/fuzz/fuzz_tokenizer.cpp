// Any bytes as a tokenizer.json: no crash; what it reads encodes and decodes the bytes themselves.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tokenizer/tokenizer_json.h"

using namespace candor::tokenizer;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto tokenizer = parse_tokenizer({bytes});
  if (!tokenizer.ok()) {
    if (tokenizer.error().message().empty()) std::abort();
    return 0;
  }
  for (const Specials specials : {Specials::as_text, Specials::as_tokens}) {
    const auto tokens = (*tokenizer)->encode(bytes, specials);
    if (!(*tokenizer)->decode(tokens).ok()) std::abort();
  }
  return 0;
}
