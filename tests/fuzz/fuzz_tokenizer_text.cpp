// Any bytes as a text: decoding gives it back, and no special token comes of it. The vocabulary is
// byte-level, cut as Llama-3's and GPT-2's are (the first byte says which).
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "candor/tokenizer/bpe_trainer.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/new_vocabulary.h"
#include "tokenizer/pre_tokenizer_presets.h"

namespace {

using namespace candor::tokenizer;

std::unique_ptr<Tokenizer> make(const char* preset) {
  NewVocabulary vocabulary;
  for (int byte = 0; byte < 256; ++byte)
    vocabulary.text.push_back(to_alphabet(std::string(1, static_cast<char>(byte))));
  for (const auto& [left, right] :
       {std::pair{' ', ' '}, {'t', 'h'}, {'\xE6', '\xBC'}, {'<', '|'}}) {
    vocabulary.merges.emplace_back(static_cast<std::uint8_t>(left),
                                   static_cast<std::uint8_t>(right));
    vocabulary.text.push_back(to_alphabet(std::string{left, right}));
  }
  vocabulary.text.emplace_back("<|end|>");
  vocabulary.added.push_back({260, true});
  vocabulary.pre_tokenizer = find_preset(preset)->pre_tokenizer;
  vocabulary.model_options["ignore_merges"] = true;
  return parse_tokenizer(files_of(vocabulary, "fuzz")).value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto llama3 = make("llama-bpe");
  static const auto smollm = make("smollm");
  if (size == 0) return 0;
  const Tokenizer& tokenizer = data[0] % 2 == 0 ? *llama3 : *smollm;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto tokens = tokenizer.encode(text);
  for (const Token token : tokens)
    if (token == 260) std::abort();
  if (*tokenizer.decode(tokens) != text) std::abort();
  return 0;
}
