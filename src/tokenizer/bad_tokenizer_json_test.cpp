// Files that are no good: the error names the field and what was wrong with it.
#include <functional>

#include "tokenizer/test_vectors.h"
#include "tokenizer/tokenizer_json.h"

namespace candor::tokenizer {
namespace {

using nlohmann::json;

struct Bad {
  const char* name;
  const char* base;  // the good file
  std::function<void(json&)> spoil;
  ErrorCode code;
  std::vector<std::string> message_has;
};

std::string find_token(const json& document, Token id) {
  for (const auto& [text, number] : document["model"]["vocab"].items())
    if (number == id) return text;
  return {};
}

std::vector<Bad> bad_files() {
  using enum ErrorCode;
  return {
      {"NoModel", "gpt2", [](json& j) { j.erase("model"); }, malformed, {"field \"model\""}},
      {"NotAnObject", "gpt2", [](json& j) { j = json::array(); }, malformed, {"object"}},
      {"OtherModel",
       "gpt2",
       [](json& j) { j["model"]["type"] = "WordPiece"; },
       unsupported,
       {"WordPiece", "BPE"}},
      {"VocabIsAList",
       "gpt2",
       [](json& j) { j["model"]["vocab"] = json::array({1}); },
       malformed,
       {"model.vocab"}},
      {"NumberIsAText",
       "gpt2",
       [](json& j) { j["model"]["vocab"]["a"] = "7"; },
       malformed,
       {"model.vocab[\"a\"]"}},
      {"NegativeNumber", "gpt2", [](json& j) { j["model"]["vocab"]["a"] = -7; }, malformed, {"-7"}},
      {"HugeNumber",
       "gpt2",
       [](json& j) { j["model"]["vocab"]["a"] = 16000000; },
       malformed,
       {"16000000", "below"}},
      {"NumberTwice", "gpt2", [](json& j) { j["model"]["vocab"]["a"] = 5; }, malformed, {"5 for"}},
      {"NumberSkipped",
       "gpt2",
       [](json& j) { j["model"]["vocab"].erase(find_token(j, 300)); },
       malformed,
       {"300"}},
      {"AddedTokenDiffers",
       "gpt2",
       [](json& j) { j["added_tokens"][0]["id"] = 9; },
       malformed,
       {"added_tokens[0].id"}},
      {"AddedTokenIsEmpty",
       "gpt2",
       [](json& j) { j["added_tokens"][0]["content"] = ""; },
       malformed,
       {"added_tokens[0].content"}},
      {"AddedTokenSwallowsSpace",
       "gpt2",
       [](json& j) { j["added_tokens"][0]["lstrip"] = true; },
       unsupported,
       {"lstrip"}},
      {"AddedTokensIsAText",
       "gpt2",
       [](json& j) { j["added_tokens"] = "x"; },
       malformed,
       {"added_tokens"}},
      {"NoMerges",
       "gpt2",
       [](json& j) { j["model"].erase("merges"); },
       malformed,
       {"model.merges"}},
      {"MergeOfUnknownToken",
       "gpt2",
       [](json& j) { j["model"]["merges"][3] = "\u6f22 a"; },
       malformed,
       {"model.merges[3]", "\u6f22"}},
      {"MergeToUnknownToken",
       "gpt2",
       [](json& j) { j["model"]["merges"][3] = "q q"; },
       malformed,
       {"model.merges[3]", "qq"}},
      {"MergeWithoutSpace",
       "gpt2",
       [](json& j) { j["model"]["merges"][0] = "ab"; },
       malformed,
       {"model.merges[0]"}},
      {"MergeOfThree",
       "gpt2",
       [](json& j) { j["model"]["merges"][0] = {"a", "b", "c"}; },
       malformed,
       {"model.merges[0]", "two"}},
      {"MergeIsANumber",
       "gpt2",
       [](json& j) { j["model"]["merges"][0] = 5; },
       malformed,
       {"model.merges[0]", "5"}},
      {"Dropout", "gpt2", [](json& j) { j["model"]["dropout"] = 0.1; }, unsupported, {"dropout"}},
      {"WordEnds",
       "gpt2",
       [](json& j) { j["model"]["end_of_word_suffix"] = "</w>"; },
       unsupported,
       {"</w>"}},
      {"NoPreTokenizer",
       "gpt2",
       [](json& j) { j.erase("pre_tokenizer"); },
       malformed,
       {"pre_tokenizer"}},
      {"OtherPreTokenizer",
       "gpt2",
       [](json& j) { j["pre_tokenizer"]["type"] = "BertPreTokenizer"; },
       unsupported,
       {"pre_tokenizer.type", "BertPreTokenizer", "Digits"}},
      {"PrefixSpace",
       "gpt2",
       [](json& j) { j["pre_tokenizer"]["add_prefix_space"] = true; },
       unsupported,
       {"add_prefix_space"}},
      {"FlagIsANumber",
       "gpt2",
       [](json& j) { j["pre_tokenizer"]["use_regex"] = 1; },
       malformed,
       {"pre_tokenizer.use_regex", "true or false"}},
      {"StepAfterByteLevel",
       "smollm2",
       [](json& j) {
         auto& steps = j["pre_tokenizer"]["pretokenizers"];
         std::swap(steps[0], steps[1]);
       },
       unsupported,
       {"Digits after ByteLevel"}},
      {"BadPattern",
       "llama3",
       [](json& j) { j["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = "(a"; },
       malformed,
       {"pretokenizers[0].pattern.Regex", "regular expression"}},
      {"ForeignPattern",
       "llama3",
       [](json& j) {
         j["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = R"([\p{L}&&\p{Ll}])";
       },
       unsupported,
       {"&&"}},
      {"RemovingSplit",
       "llama3",
       [](json& j) { j["pre_tokenizer"]["pretokenizers"][0]["behavior"] = "Removed"; },
       unsupported,
       {"Removed", "Isolated"}},
      {"OtherNormalizer",
       "qwen2",
       [](json& j) { j["normalizer"]["type"] = "Lowercase"; },
       unsupported,
       {"normalizer.type", "Lowercase", "NFC"}},
      {"OtherNormalizerOfPieces",
       "llama2_fast",
       [](json& j) { j["normalizer"]["normalizers"][0]["type"] = "NFKC"; },
       unsupported,
       {"normalizers[0]", "NFKC"}},
      {"NoByteToken",
       "llama2_fast",
       [](json& j) {
         auto& vocab = j["model"]["vocab"];
         vocab["elsewhere"] = vocab["<0x41>"];
         vocab.erase("<0x41>");
       },
       malformed,
       {"<0x41>"}},
      {"NoSpace",
       "llama2_fast",
       [](json& j) {
         auto& vocab = j["model"]["vocab"];
         vocab["elsewhere"] = vocab["\u2581"];
         vocab.erase("\u2581");
         j["model"]["merges"] = json::array();
       },
       malformed,
       {"U+2581"}},
      {"MergeMakesASpecialToken",
       "llama2_fast",
       [](json& j) {
         j["added_tokens"].push_back(
             {{"id", j["model"]["vocab"]["he"]}, {"content", "he"}, {"special", true}});
       },
       unsupported,
       {"special token out of text"}},
  };
}

TEST(BadTokenizerJson, IsRefusedAndNamed) {
  for (const Bad& bad : bad_files()) {
    json document = read_test_json(bad.base + std::string("/tokenizer.json"));
    bad.spoil(document);
    const auto loaded = parse_tokenizer({document.dump()});
    ASSERT_FALSE(loaded.ok()) << bad.name;
    EXPECT_EQ(loaded.error().code, bad.code) << bad.name << ": " << loaded.error().message();
    for (const std::string& part : bad.message_has)
      EXPECT_NE(loaded.error().message().find(part), std::string::npos)
          << bad.name << ": " << loaded.error().message();
  }
}

TEST(BadTokenizerJson, NotJson) {
  const auto loaded = parse_tokenizer({"{\"model\": ", "{}", "x/tokenizer.json"});
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().message(),
            "x/tokenizer.json: found bytes that are not JSON; expected a JSON document; check that "
            "the file was copied whole");
}

TEST(BadTokenizerJson, NestedTooDeeply) {
  const std::string deep =
      R"({"normalizer": )" + std::string(200'000, '[') + std::string(200'000, ']') + "}";
  const std::string good = read_test_json("gpt2/tokenizer.json").dump();
  for (const bool in_config : {false, true}) {
    const auto loaded = in_config ? parse_tokenizer({good, deep}) : parse_tokenizer({deep});
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().code, ErrorCode::malformed);
    EXPECT_NE(loaded.error().message().find("nested deeper than 64"), std::string::npos)
        << loaded.error().message();
  }
}

TEST(BadTokenizerJson, ConfigOfAnotherModel) {
  const std::string good = read_test_json("gpt2/tokenizer.json").dump();
  const auto loaded = parse_tokenizer({good, R"({"eos_token": "<|im_end|>"})"});
  ASSERT_FALSE(loaded.ok());
  EXPECT_NE(loaded.error().message().find("eos_token"), std::string::npos);
  EXPECT_NE(loaded.error().message().find("<|im_end|>"), std::string::npos);
}

TEST(BadPath, SaysWhatIsKnown) {
  const auto absent = load_tokenizer("no/such/folder");
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().code, ErrorCode::not_found);
  const auto other = load_tokenizer("README.md");
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, ErrorCode::unsupported);
  EXPECT_NE(other.error().message().find("tokenizer.json"), std::string::npos);
  const auto folder = load_tokenizer("src");
  ASSERT_FALSE(folder.ok());
  EXPECT_EQ(folder.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace candor::tokenizer
