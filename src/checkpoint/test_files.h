// checkpoint/test_files.h
// Files and messages of the tests in this folder.
#pragma once

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "candor/base/random.h"
#include "candor/base/result.h"
#include "candor/checkpoint/model_source.h"

namespace candor::checkpoint {

inline const std::string stored = "tests/data/checkpoint/";

inline std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// A folder of the running test, gone when it ends.
class TestFolder {
 public:
  TestFolder() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::temp_directory_path() /
            ("candor_checkpoint_" + std::to_string(::getpid()) + "_" + test->test_suite_name() +
             "_" + test->name());
    std::filesystem::create_directories(path_);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  ~TestFolder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] std::string path(const std::string& name) const { return path_ / name; }
  std::string write(const std::string& name, std::string_view bytes) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

// A file without a place on disk, for tests that need many.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : file_(::memfd_create("candor", 0)) {
    while (!bytes.empty()) {
      const ssize_t put = ::write(file_, bytes.data(), bytes.size());
      if (put <= 0) std::abort();
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(file_); }

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

// The error is of this code, and its message holds all of these.
template <class T>
void expect_error(const Result<T>& result, ErrorCode code,
                  std::initializer_list<std::string_view> parts) {
  ASSERT_FALSE(result.ok());
  const std::string message = result.error().message();
  EXPECT_EQ(name_of(result.error().code), name_of(code)) << message;
  for (const std::string_view part : parts)
    EXPECT_NE(message.find(part), std::string::npos) << message << "\nlacks " << part;
}

// A number's bytes, little endian.
template <class T>
std::string bytes_of_number(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

inline std::vector<float> random_floats(std::size_t count, std::uint64_t seed) {
  RandomStream random(seed);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(random.normal());
  return values;
}

inline bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

inline ModelTensors random_model(const ModelConfig& config, std::uint64_t seed) {
  ModelTensors model{config, {}};
  for (const TensorShape& tensor : tensors_of(config)) {
    std::size_t count = 1;
    for (const std::size_t length : tensor.shape) count *= length;
    model.values[tensor.name] = random_floats(count, seed++);
  }
  return model;
}

// Everything that a source holds.
inline Result<ModelTensors> read_all(const std::string& path) {
  CANDOR_TRY(const auto source, open_model(path));
  ModelTensors model{source->config(), {}};
  for (const TensorShape& tensor : tensors_of(model.config)) {
    CANDOR_TRY(model.values[tensor.name], source->read(tensor));
  }
  return model;
}

inline ModelConfig small_config(Architecture architecture) {
  ModelConfig config;
  config.architecture = architecture;
  config.vocabulary = 7;
  config.context = 16;
  config.width = 32;
  config.layers = 2;
  config.heads = 4;
  config.kv_heads = architecture == Architecture::gpt2 ? 4 : 2;
  config.head_width = 8;
  config.hidden = 48;
  config.tied_embeddings = architecture != Architecture::llama;
  config.begin_token = 1;
  config.end_tokens = {2, 3};
  return config;
}

}  // namespace candor::checkpoint
