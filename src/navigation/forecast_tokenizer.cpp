#include "candor/navigation/forecast_tokenizer.h"

#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "candor/base/file.h"
#include "candor/navigation/forecast.h"

namespace candor::navigation {
namespace {

using Json = nlohmann::ordered_json;

// The letter that byte-level vocabularies write a byte as, in UTF-8: printable bytes as themselves,
// the others as U+0100, U+0101, ... in order (Radford et al., GPT-2's published encoder).
std::vector<std::string> byte_letters() {
  const auto is_plain = [](unsigned byte) {
    return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  };
  const auto utf8 = [](unsigned code) {
    if (code < 0x80) return std::string(1, static_cast<char>(code));
    return std::string{static_cast<char>(0xC0 | (code >> 6U)),
                       static_cast<char>(0x80 | (code & 0x3FU))};
  };
  std::vector<std::string> letters;
  unsigned next = 256;
  for (unsigned byte = 0; byte < 256; ++byte)
    letters.push_back(utf8(is_plain(byte) ? byte : next++));
  return letters;
}

// Tokens in the making: numbers by text, and the merges that build them.
class Vocabulary {
 public:
  Vocabulary() : letters_(byte_letters()) {
    for (const std::string& letter : letters_) add(letter);
  }

  // One merge for each letter of the word after its first.
  void add_word(std::string_view word) {
    std::string built = letter(word.front());
    for (const char c : word.substr(1)) {
      const std::string longer = built + letter(c);
      if (!number_.contains(longer)) {
        add(longer);
        merges_.push_back(built + ' ' + letter(c));
      }
      built = longer;
    }
  }

  [[nodiscard]] const Json& tokens() const { return tokens_; }
  [[nodiscard]] const std::vector<std::string>& merges() const { return merges_; }
  [[nodiscard]] std::size_t size() const { return number_.size(); }

 private:
  [[nodiscard]] const std::string& letter(char c) const {
    return letters_[static_cast<unsigned char>(c)];
  }
  void add(const std::string& token) {
    const std::size_t number = number_.size();
    number_.emplace(token, number);
    tokens_[token] = number;
  }

  std::vector<std::string> letters_;
  std::map<std::string, std::size_t> number_;
  Json tokens_ = Json::object();
  std::vector<std::string> merges_;
};

Vocabulary forecast_vocabulary() {
  Vocabulary vocabulary;
  const std::vector<std::string> words = forecast_words();
  for (const std::string& word : words)
    if (word.front() == ' ') vocabulary.add_word(word);
  for (char digit = '0'; digit <= '9'; ++digit) vocabulary.add_word(std::string(" ") + digit);
  for (const std::string& word : words)
    if (word.front() != ' ') vocabulary.add_word(word);
  return vocabulary;
}

Json byte_level(bool with_prefix_space) {
  return {{"type", "ByteLevel"},
          {"add_prefix_space", with_prefix_space},
          {"trim_offsets", true},
          {"use_regex", true}};
}

Json end_token(std::size_t number) {
  return {{"id", number},         {"content", std::string(end_of_forecast)},
          {"single_word", false}, {"lstrip", false},
          {"rstrip", false},      {"normalized", false},
          {"special", true}};
}

}  // namespace

std::string forecast_tokenizer_json() {
  const Vocabulary vocabulary = forecast_vocabulary();
  const Json model{{"type", "BPE"},
                   {"dropout", nullptr},
                   {"unk_token", nullptr},
                   {"continuing_subword_prefix", nullptr},
                   {"end_of_word_suffix", nullptr},
                   {"fuse_unk", false},
                   {"byte_fallback", false},
                   {"vocab", vocabulary.tokens()},
                   {"merges", vocabulary.merges()}};
  const Json tokenizer{{"version", "1.0"},
                       {"truncation", nullptr},
                       {"padding", nullptr},
                       {"added_tokens", Json::array({end_token(vocabulary.size())})},
                       {"normalizer", nullptr},
                       {"pre_tokenizer", byte_level(false)},
                       {"post_processor", nullptr},
                       {"decoder", byte_level(false)},
                       {"model", model}};
  return tokenizer.dump(1) + "\n";
}

Status write_forecast_tokenizer(const std::string& folder) {
  CANDOR_CHECK(make_folder(folder));
  CANDOR_CHECK(write_file(folder + "/tokenizer.json", forecast_tokenizer_json()));
  const Json config{{"tokenizer_class", "PreTrainedTokenizerFast"},
                    {"eos_token", std::string(end_of_forecast)},
                    {"clean_up_tokenization_spaces", false}};
  return write_file(folder + "/tokenizer_config.json", config.dump(1) + "\n");
}

}  // namespace candor::navigation
