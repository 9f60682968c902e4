// Every kind of vocabulary against the tokens of the field's reference programs.
#include "tokenizer/test_vectors.h"

namespace candor::tokenizer {
namespace {

struct Case {
  const char* vectors;
  const char* path;
};

class Vectors : public testing::TestWithParam<Case> {};

TEST_P(Vectors, AreEqual) {
  const auto tokenizer = load_or_fail(data_folder + GetParam().path);
  ASSERT_NE(tokenizer, nullptr);
  const nlohmann::json rows = read_test_json(GetParam().vectors + std::string("/vectors.json"));
  ASSERT_GT(rows.size(), 200U);
  for (const nlohmann::json& row : rows) {
    const auto text = row["text"].get<std::string>();
    if (row.contains("as_tokens")) {
      EXPECT_EQ(tokenizer->encode(text, Specials::as_tokens), tokens_of(row["as_tokens"])) << text;
    }
    const auto& plain = row.contains("as_text") ? row["as_text"] : row["as_tokens"];
    EXPECT_EQ(tokenizer->encode(text), tokens_of(plain)) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Tokenizer, Vectors,
                         testing::Values(Case{"gpt2", "gpt2"},
                                         Case{"smollm2", "smollm2/tokenizer.json"},
                                         Case{"llama3", "llama3"}, Case{"qwen2", "qwen2"},
                                         Case{"llama3", "llama3.gguf"}, Case{"qwen2", "qwen2.gguf"},
                                         Case{"llama2", "llama2"},
                                         Case{"llama2_fast", "llama2_fast"},
                                         Case{"llama2_metaspace", "llama2_metaspace"},
                                         Case{"llama2_fast", "llama.gguf"}),
                         [](const auto& test) {
                           std::string name = test.param.path;
                           for (char& c : name)
                             if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
                           return name;
                         });

TEST(Tokenizer, KnowsItsFirstAndLastTokens) {
  const auto gpt2 = load_or_fail(data_folder + "gpt2");
  EXPECT_EQ(gpt2->begin(), std::nullopt);  // listed, but put before no text
  EXPECT_EQ(gpt2->end(), gpt2->find("<|endoftext|>"));
  for (const char* name : {"llama3", "llama3.gguf"}) {
    const auto llama3 = load_or_fail(data_folder + name);
    EXPECT_EQ(llama3->begin(), llama3->find("<|begin_of_text|>"));
    EXPECT_EQ(llama3->end(), llama3->find("<|eot_id|>"));
    EXPECT_EQ(llama3->chat_template(), std::nullopt);
  }
  for (const char* name : {"qwen2", "qwen2.gguf"})
    EXPECT_EQ(load_or_fail(data_folder + name)->chat_template(), "chatml");
  for (const char* name : {"llama2", "llama2_fast", "llama.gguf"}) {
    const auto llama2 = load_or_fail(data_folder + name);
    EXPECT_EQ(llama2->begin(), 1) << name;
    EXPECT_EQ(llama2->end(), 2) << name;
  }
}

TEST(Tokenizer, FindsTokensByTheirText) {
  const auto bytes = load_or_fail(data_folder + "gpt2");
  const auto the = bytes->find(" the");
  ASSERT_TRUE(the);
  EXPECT_EQ(bytes->encode(" the"), std::vector<Token>{*the});
  EXPECT_EQ(bytes->find(" no such token"), std::nullopt);
  for (const char* name : {"llama2", "llama2_fast"}) {
    const auto pieces = load_or_fail(data_folder + name);
    EXPECT_EQ(pieces->find(" the"), pieces->find("\u2581the"));
    EXPECT_EQ(pieces->encode("the"), std::vector<Token>{pieces->find(" the").value()});
    EXPECT_EQ(pieces->find("no such token"), std::nullopt);
  }
}

}  // namespace
}  // namespace candor::tokenizer
