// Files that were cut, or that claim more than they have: an error, and no memory asked for that
// the file cannot justify.
#include <gtest/gtest.h>

#include <algorithm>

#include "candor/checkpoint/gguf.h"
#include "candor/checkpoint/llama2c.h"
#include "candor/checkpoint/safetensors.h"
#include "checkpoint/allocation_watch.h"
#include "checkpoint/test_files.h"

namespace candor::checkpoint {
namespace {

constexpr std::size_t allowed = 1U << 20U;

Status read_every_tensor(const SafetensorsFile& file) {
  for (const auto& [name, entry] : file.tensors())
    if (entry.element()) CANDOR_CHECK(file.read(name));
  return {};
}

Status read_safetensors(const std::string& path) {
  CANDOR_TRY(const SafetensorsFile file, SafetensorsFile::open(path));
  return read_every_tensor(file);
}

Status read_gguf(const std::string& path) {
  CANDOR_TRY(const GgufFile file, GgufFile::open(path));
  for (const auto& [name, tensor] : file.tensors()) CANDOR_CHECK(file.read(name));
  return {};
}

using Read = Status (*)(const std::string&);

void every_cut_is_an_error(const std::string& whole, Read read) {
  ASSERT_TRUE(read(MemoryFile(whole).path()).ok());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto status = read(MemoryFile(std::string_view(whole).substr(0, length)).path());
    ASSERT_FALSE(status.ok()) << "cut to " << length;
    EXPECT_NE(status.error().message().find("/proc/self/fd"), std::string::npos);
  }
}

// Bytes changed at random: an error or not, but no crash, and no large request.
void noise_is_survived(const std::string& whole, Read read) {
  RandomStream random(17);
  int refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string noisy = whole;
    for (std::uint64_t j = 0; j <= random.below(4); ++j) {
      // Bits of high bytes more often: they make lengths huge.
      const std::uint64_t place = random.below(std::min<std::uint64_t>(whole.size(), 600));
      noisy[place] = random.bernoulli(0.3) ? '\xff' : static_cast<char>(random.below(128));
    }
    const MemoryFile file(noisy);
    forget_largest_request();
    refused += read(file.path()).ok() ? 0 : 1;
    ASSERT_LT(largest_request(), allowed);
  }
  EXPECT_GT(refused, 200);
}

std::string tiny_safetensors(const TestFolder& folder) {
  const std::vector<float> values = random_floats(6, 1);
  const std::vector<NamedTensor> tensors{{{"a", {2, 2}}, std::span(values).first(4)},
                                         {{"b", {2}}, std::span(values).first(2)}};
  const std::string path = folder.path("t.safetensors");
  EXPECT_TRUE(write_safetensors(path, tensors, ElementType::f32, {{"format", "pt"}}).ok());
  return contents(path);
}

// Without the padding behind the last tensor, which can be cut without harm.
std::string tiny_gguf(const TestFolder& folder) {
  ModelConfig config;
  config.vocabulary = 2;
  config.context = config.width = config.hidden = config.head_width = 4;
  config.layers = config.heads = config.kv_heads = 1;
  config.tied_embeddings = true;
  const std::string path = folder.path("t.gguf");
  const GgufMetadata extra{{"tokenizer.ggml.tokens", std::vector<std::string>{"a", "b"}}};
  EXPECT_TRUE(write_gguf(path, random_model(config, 1), FileType::f32, extra).ok());
  const std::string bytes = contents(path);
  return bytes.substr(0, bytes.size() - 16);
}

TEST(DamagedFiles, EveryCutOfASafetensorsFileIsAnError) {
  const TestFolder folder;
  every_cut_is_an_error(tiny_safetensors(folder), read_safetensors);
}

TEST(DamagedFiles, EveryCutOfAGgufFileIsAnError) {
  const TestFolder folder;
  every_cut_is_an_error(tiny_gguf(folder), read_gguf);
}

TEST(DamagedFiles, NoiseIsSurvived) {
  const TestFolder folder;
  noise_is_survived(tiny_safetensors(folder), read_safetensors);
  noise_is_survived(tiny_gguf(folder), read_gguf);
}

TEST(DamagedFiles, HugeClaimsAskForNoMemory) {
  const std::string huge = bytes_of_number(std::uint64_t{1} << 60U);
  const std::string gguf = std::string("GGUF\x03\0\0\0", 8);
  const std::string one = bytes_of_number(std::uint64_t{1});
  const std::string none(8, '\0');
  const std::string name = one + "x";
  std::string llama2c;
  for (const std::int32_t number : {1 << 20, 1 << 20, 4096, 1, 1, 1 << 30, 1 << 30})
    llama2c += bytes_of_number(number);
  const std::vector<std::pair<std::string, Read>> cases{
      {huge, read_safetensors},
      {bytes_of_number(std::uint64_t{99'000'000}) + "{}", read_safetensors},
      {gguf + huge + none, read_gguf},
      {gguf + none + huge, read_gguf},
      {gguf + none + one + huge, read_gguf},
      {gguf + none + one + name + bytes_of_number(8) + huge, read_gguf},
      {gguf + none + one + name + bytes_of_number(9) + bytes_of_number(8) + huge, read_gguf},
      {gguf + one + none + name + bytes_of_number(1) + huge + bytes_of_number(0) + none, read_gguf},
      {llama2c,
       [](const std::string& path) -> Status {
         CANDOR_CHECK(open_llama2c(path));
         return {};
       }},
  };
  for (const auto& [bytes, read] : cases) {
    const MemoryFile file(bytes);
    forget_largest_request();
    EXPECT_FALSE(read(file.path()).ok());
    EXPECT_LT(largest_request(), allowed);
  }
}

}  // namespace
}  // namespace candor::checkpoint
