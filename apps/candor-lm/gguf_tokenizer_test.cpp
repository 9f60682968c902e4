#include "gguf_tokenizer.h"

#include <gtest/gtest.h>

#include "candor/base/file.h"
#include "json_lines.h"
#include "scratch_folder.h"
#include "test_tokenizer.h"

namespace candor::app {
namespace {

using Texts = std::vector<std::string>;

// A file with the keys and one matrix is a model to the tokenizer's reader.
TEST(GgufTokenizer, ReadsBackAsTheSameTokenizer) {
  const ScratchFolder folder = ScratchFolder::create().value();
  const auto tokenizer = small_tokenizer({"<|im_start|>", "<|im_end|>"});
  checkpoint::ModelTensors model;
  model.config = {.vocabulary = 300,
                  .context = 8,
                  .width = 4,
                  .layers = 1,
                  .heads = 1,
                  .kv_heads = 1,
                  .head_width = 4,
                  .hidden = 4,
                  .tied_embeddings = true};
  for (const auto& tensor : checkpoint::tensors_of(model.config)) {
    std::size_t count = 1;
    for (const std::size_t n : tensor.shape) count *= n;
    model.values[tensor.name].assign(count, 0.0F);
  }
  const auto keys = gguf_tokenizer(*tokenizer, 300);
  ASSERT_TRUE(keys.ok()) << keys.error().message();
  const std::string path = folder.path() + "/m.gguf";
  const Status written = checkpoint::write_gguf(path, model, checkpoint::FileType::f32, *keys);
  ASSERT_TRUE(written.ok()) << written.error().message();
  const auto back = tokenizer::load_tokenizer(path);
  ASSERT_TRUE(back.ok()) << back.error().message();
  EXPECT_EQ((*back)->vocabulary(), 300U);
  EXPECT_EQ((*back)->begin(), tokenizer->begin());
  EXPECT_EQ((*back)->end(), tokenizer->end());
  for (const char* text : {"the cat sat", "2026, 17  spaces\n\n", "naïve 猫 🙂", "<|im_end|>"}) {
    EXPECT_EQ((*back)->encode(text), tokenizer->encode(text)) << text;
    EXPECT_EQ((*back)->encode(text, tokenizer::Specials::as_tokens),
              tokenizer->encode(text, tokenizer::Specials::as_tokens))
        << text;
  }
}

// An empty token is odd, but a tokenizer; a merge with it has nothing before the space.
TEST(GgufTokenizer, AMergeWithAnEmptyPartHasItsScore) {
  const ScratchFolder folder = ScratchFolder::create().value();
  const std::string stored = "tests/data/tokenizer/llama2_fast/tokenizer.json";
  auto file = nlohmann::json::parse(read_bytes(stored).value());
  file["model"]["vocab"][""] = 700;
  const auto empty_first = nlohmann::json::array({"", "b"});
  file["model"]["merges"].insert(file["model"]["merges"].begin(), empty_first);
  ASSERT_TRUE(write_file(folder.path() + "/tokenizer.json", file.dump()).ok());
  const auto tokenizer = tokenizer::load_tokenizer(folder.path());
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.error().message();
  const auto keys = gguf_tokenizer(**tokenizer, 701);
  ASSERT_TRUE(keys.ok()) << keys.error().message();
  const auto& scores = std::get<std::vector<float>>(keys->at("tokenizer.ggml.scores"));
  EXPECT_EQ(scores[602], 0.0F) << "b";
  EXPECT_EQ(scores[260], -1.0F) << "two spaces, the first merge before";
}

TEST(GgufTokenizer, RowsWithoutATokenAreUnused) {
  const auto keys = gguf_tokenizer(*small_tokenizer(), 270).value();
  const auto& tokens = std::get<Texts>(keys.at("tokenizer.ggml.tokens"));
  const auto& types = std::get<std::vector<std::int32_t>>(keys.at("tokenizer.ggml.token_type"));
  ASSERT_EQ(tokens.size(), 270U);
  EXPECT_EQ(tokens[0], "<|endoftext|>");
  EXPECT_EQ(types[0], 3) << "a control token";
  EXPECT_EQ(tokens[269], "[PAD269]");
  EXPECT_EQ(types[269], 5) << "unused";
}

}  // namespace
}  // namespace candor::app
