// GGUF and SentencePiece files that are no good.

#include <unistd.h>

#include <cstdio>

#include "candor/base/file.h"
#include "tokenizer/file_bytes.h"
#include "tokenizer/sentencepiece_tokenizer.h"
#include "tokenizer/test_vectors.h"

namespace candor::tokenizer {
namespace {

// The file with one text in its bytes replaced by another of the same length.
Error error_with(const std::string& name, std::string_view from, std::string_view to) {
  auto bytes = read_bytes(data_folder + name);
  EXPECT_TRUE(bytes.ok());
  const std::size_t at = bytes->find(from);
  EXPECT_NE(at, std::string::npos) << from;
  bytes->replace(at, from.size(), to);
  const std::string path = testing::TempDir() + "candor_bad_" + std::to_string(::getpid()) + name;
  EXPECT_TRUE(write_file(path, *bytes).ok());
  const auto loaded = load_tokenizer(path);
  EXPECT_FALSE(loaded.ok());
  return loaded.ok() ? Error{} : loaded.error();
}

TEST(BadGguf, UnknownKindsAreListed) {
  const Error pre = error_with("llama3.gguf", "llama-bpe", "viking-7b");
  EXPECT_EQ(pre.code, ErrorCode::unsupported);
  EXPECT_EQ(pre.field, "tokenizer.ggml.pre");
  EXPECT_NE(pre.message().find("found viking-7b; expected one of default, gpt-2, smollm"),
            std::string::npos);
  const std::string model_key = std::string("tokenizer.ggml.model\x08\0\0\0\x04\0\0\0\0\0\0\0", 32);
  const Error model = error_with("llama3.gguf", model_key + "gpt2", model_key + "bert");
  EXPECT_EQ(model.code, ErrorCode::unsupported);
  EXPECT_NE(model.message().find("found bert; expected gpt2 or llama"), std::string::npos);
}

TEST(BadGguf, MissingKeysAreNamed) {
  const Error tokens = error_with("llama3.gguf", "tokenizer.ggml.tokens", "tokenizer.ggml.tokenz");
  EXPECT_NE(tokens.message().find("tokenizer.ggml"), std::string::npos);
  const Error merges = error_with("qwen2.gguf", "tokenizer.ggml.merges", "tokenizer.ggml.merged");
  EXPECT_NE(merges.message().find("tokenizer.ggml.merges"), std::string::npos);
  const Error scores = error_with("llama.gguf", "tokenizer.ggml.scores", "tokenizer.ggml.scored");
  EXPECT_NE(scores.message().find("tokenizer.ggml.scores"), std::string::npos);
}

TEST(BadGguf, TokensTwiceOrNotUtf8) {
  const Error twice = error_with("llama.gguf", "<0x41>", "<0x42>");
  EXPECT_EQ(twice.field, "tokenizer.ggml.tokens");
  EXPECT_NE(twice.message().find("<0x42>"), std::string::npos);
  const Error bytes = error_with("llama.gguf", "<0x41>", "<0x4\xFF>");
  EXPECT_EQ(bytes.field, "tokenizer.ggml.tokens");
}

TEST(BadSentencePiece, IsMalformed) {
  for (const char* bytes : {"", "not a model", "\x0A\xFF\xFF\xFF\xFF\x0F"}) {
    const auto loaded = parse_sentencepiece(bytes, "{}", "x/tokenizer.model");
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().code, ErrorCode::malformed);
    EXPECT_EQ(loaded.error().file, "x/tokenizer.model");
  }
}

}  // namespace
}  // namespace candor::tokenizer
