// Two processes that are this test program again, each with half of the batch.
#include "candor/lm/data_parallel.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "candor/base/random.h"
#include "candor/base/text.h"
#include "candor/lm/language_model.h"

namespace {

using candor::ErrorCode;
using candor::lm::join_processes;
using candor::policy::Policy;
using candor::policy::Sequence;
using candor::policy::Token;

constexpr std::size_t batch_size = 8;
constexpr int steps = 5;

std::unique_ptr<Policy> small_policy() {
  candor::checkpoint::ModelConfig config;
  config.vocabulary = 23;
  config.context = 24;
  config.width = 16;
  config.layers = 2;
  config.heads = config.kv_heads = 2;
  config.head_width = 8;
  config.hidden = 32;
  return std::move(candor::lm::create_policy(config, 5, {.device = "cpu", .threads = 1})).value();
}

std::vector<Sequence> whole_batch() {
  candor::RandomStream random(1);
  std::vector<Sequence> batch(batch_size);
  for (Sequence& sequence : batch) {
    sequence.tokens.resize(8);
    for (Token& token : sequence.tokens) token = static_cast<Token>(random.below(23));
    sequence.prompt_length = 2;
  }
  return batch;
}

// The mean of -log pi before each step.
std::vector<double> train(Policy& policy, std::span<const Sequence> batch) {
  std::vector<double> curve;
  const double share = 1.0 / static_cast<double>(batch.size());
  for (int step = 0; step < steps; ++step) {
    const auto scores = policy.forward(batch);
    if (!scores.ok()) return {};
    curve.push_back(0.0);
    for (const double score : *scores) curve.back() -= share * score;
    if (!policy.backward(std::vector<double>(batch.size(), -share)).ok()) return {};
    if (!policy.step({.learning_rate = 1e-3, .epsilon = 1e-6}).ok()) return {};
  }
  return curve;
}

// What a rank does: its half of the batch, its losses in a file, its state beside it.
void be_rank(std::size_t rank, const std::string& folder) {
  const auto group = join_processes({.store = "file:" + folder + "/store",
                                     .rank = rank,
                                     .size = 2,
                                     .timeout_seconds = 60.0,
                                     .interface = "lo"});
  ASSERT_TRUE(group.ok()) << group.error().message();
  EXPECT_EQ((*group)->rank(), rank);
  EXPECT_EQ((*group)->size(), 2U);
  const auto policy = small_policy();
  ASSERT_TRUE(candor::lm::set_gradient_reducer(*policy, *group).ok());
  const auto batch = whole_batch();
  const auto curve =
      train(*policy, std::span(batch).subspan(rank * batch_size / 2, batch_size / 2));
  const std::string name = folder + "/rank" + std::to_string(rank);
  ASSERT_TRUE(policy->save_state(name).ok());
  std::ofstream out(name + ".curve");
  for (const double loss : curve) out << candor::number_text(loss) << "\n";
  ASSERT_TRUE((*group)->barrier().ok());
}

pid_t start_rank(std::size_t rank, const std::string& folder, std::string filter) {
  (void)setenv("CANDOR_TEST_RANK", std::to_string(rank).c_str(), 1);
  (void)setenv("CANDOR_TEST_FOLDER", folder.c_str(), 1);
  std::string program = "lm_test";
  filter = "--gtest_filter=" + filter;
  char* arguments[] = {program.data(), filter.data(), nullptr};
  pid_t child = 0;
  EXPECT_EQ(posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, arguments, environ), 0);
  (void)unsetenv("CANDOR_TEST_RANK");
  return child;
}

bool ended_well(pid_t child) {
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<double> curve_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istream_iterator<double>(in), {}};
}

TEST(DataParallel, TwoProcessesTrainAsOneWithTheWholeBatch) {
  if (const char* rank = std::getenv("CANDOR_TEST_RANK"); rank != nullptr)
    return be_rank(std::strtoull(rank, nullptr, 10), std::getenv("CANDOR_TEST_FOLDER"));
  if (!join_processes({.store = "file:", .rank = 0, .size = 1}).ok() &&
      join_processes({.store = "file:", .rank = 0, .size = 1}).error().code ==
          ErrorCode::unsupported)
    GTEST_SKIP() << "this LibTorch has no Gloo";
  const std::string folder = testing::TempDir() + "candor_lm_ranks_" + std::to_string(getpid());
  std::filesystem::create_directories(folder);
  const std::string filter = "DataParallel.TwoProcessesTrainAsOneWithTheWholeBatch";
  const pid_t first = start_rank(0, folder, filter);
  const pid_t second = start_rank(1, folder, filter);
  const auto policy = small_policy();
  const auto whole = train(*policy, whole_batch());
  ASSERT_TRUE(ended_well(first));
  ASSERT_TRUE(ended_well(second));
  const auto zero = curve_of(folder + "/rank0.curve");
  const auto one = curve_of(folder + "/rank1.curve");
  ASSERT_EQ(whole.size(), static_cast<std::size_t>(steps));
  ASSERT_EQ(zero.size(), whole.size());
  ASSERT_EQ(one.size(), whole.size());
  for (std::size_t i = 0; i < whole.size(); ++i)
    EXPECT_NEAR((zero[i] + one[i]) / 2.0, whole[i], 1e-6 * whole[i]) << i;
  EXPECT_LT(whole.back(), whole.front() - 0.05);
  const std::string state = bytes_of(folder + "/rank0/state.safetensors");
  EXPECT_GT(state.size(), 1000U);
  EXPECT_TRUE(state == bytes_of(folder + "/rank1/state.safetensors")) << "the ranks differ";
  std::filesystem::remove_all(folder);
}

std::uint16_t free_port() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  EXPECT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), length), 0);
  EXPECT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length), 0);
  (void)close(listener);
  return ntohs(address.sin_port);
}

TEST(DataParallel, AloneTheAverageIsTheValueItself) {
  const auto group = join_processes({.store = "tcp://127.0.0.1:" + std::to_string(free_port()),
                                     .rank = 0,
                                     .size = 1,
                                     .timeout_seconds = 20.0,
                                     .interface = "lo"});
  if (!group.ok() && group.error().code == ErrorCode::unsupported)
    GTEST_SKIP() << group.error().message();
  ASSERT_TRUE(group.ok()) << group.error().message();
  std::vector<float> values = {1.0F, -2.5F};
  ASSERT_TRUE((*group)->average(values).ok());
  EXPECT_EQ(values, (std::vector<float>{1.0F, -2.5F}));
}

TEST(DataParallel, WhoeverDoesNotComeIsAnError) {
  const std::string path = testing::TempDir() + "candor_lm_nobody_" + std::to_string(getpid());
  const auto group = join_processes(
      {.store = "file:" + path, .rank = 0, .size = 2, .timeout_seconds = 0.2, .interface = "lo"});
  std::filesystem::remove(path);
  ASSERT_FALSE(group.ok());
  if (group.error().code == ErrorCode::unsupported) GTEST_SKIP() << group.error().message();
  EXPECT_EQ(group.error().code, ErrorCode::io);
}

TEST(DataParallel, OptionsThatMakeNoSenseAreNamed) {
  EXPECT_EQ(join_processes({.store = "file:x", .rank = 2, .size = 2}).error().field, "rank");
  EXPECT_EQ(join_processes({.store = "file:x", .size = 1, .timeout_seconds = 0.0}).error().field,
            "timeout_seconds");
  for (const char* store : {"", "file:", "http://x:1", "tcp://x", "tcp://:1", "tcp://x:70000"}) {
    const auto error = join_processes({.store = store, .rank = 0, .size = 1}).error();
    EXPECT_TRUE(error.field == "store" || error.code == ErrorCode::unsupported) << store;
  }
}

}  // namespace
