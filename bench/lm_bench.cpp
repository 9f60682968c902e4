// Training and generation of a language model of about ten million parameters, beside the time that
// the same matrix products take alone in the same run: the bound that no implementation on this BLAS
// can beat.
//
// usage: lm_bench [ROWS [LENGTH [THREADS]]]    default 32 sequences of 128 tokens, all threads
#include <sys/resource.h>
#include <torch/types.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "candor/base/random.h"
#include "candor/lm/device.h"
#include "candor/lm/language_model.h"

namespace {

using candor::checkpoint::ModelConfig;
using candor::policy::Policy;
using candor::policy::Sequence;
using candor::policy::Token;

// Wall time; with one thread, processor time, which other programs disturb less.
bool one_thread = false;

double now() {
  timespec time{};
  (void)clock_gettime(one_thread ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double seconds_since(double start) {
  return now() - start;
}

// The shortest of some runs: the one that other programs on the machine disturbed least.
double best_of(int runs, const std::function<void()>& work) {
  double best = 1e300;
  for (int run = 0; run < runs; ++run) {
    const double start = now();
    work();
    best = std::min(best, seconds_since(start));
  }
  return best;
}

double resident_mebibytes() {
  std::ifstream in("/proc/self/statm");
  double pages = 0.0;
  in >> pages >> pages;
  return pages * 4096.0 / 1048576.0;
}

double peak_mebibytes() {
  rusage usage{};
  (void)getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

ModelConfig ten_million() {
  ModelConfig config;
  config.vocabulary = 2048;
  config.context = 512;
  config.width = 320;
  config.layers = 8;
  config.heads = config.kv_heads = 5;
  config.head_width = 64;
  config.hidden = 864;
  config.tied_embeddings = true;
  return config;
}

// Products [m,k] x [k,n], `times` of them, each a batch of `batch`.
struct Product {
  std::int64_t m, k, n, batch, times;
  [[nodiscard]] double flops() const {
    return 2.0 * static_cast<double>(m * k * n * batch * times);
  }
};

struct Workload {
  std::int64_t rows, length, answers;  // answers: tokens of all answers
};

// Forward products; those of the backward pass have the same sizes twice, turned.
std::vector<Product> forward_products(const ModelConfig& c, const Workload& work) {
  const auto tokens = work.rows * work.length;
  const auto width = static_cast<std::int64_t>(c.width);
  const auto hidden = static_cast<std::int64_t>(c.hidden);
  const auto layers = static_cast<std::int64_t>(c.layers);
  const auto heads = work.rows * static_cast<std::int64_t>(c.heads);
  const auto head = static_cast<std::int64_t>(c.head_width);
  return {{tokens, width, width, 1, 4 * layers},
          {tokens, width, hidden, 1, 2 * layers},
          {tokens, hidden, width, 1, layers},
          {work.length, head, work.length, heads, layers},
          {work.length, work.length, head, heads, layers},
          {work.answers, width, static_cast<std::int64_t>(c.vocabulary), 1, 1}};
}

std::vector<Product> with_backward(const std::vector<Product>& forward) {
  std::vector<Product> all = forward;
  for (const Product& p : forward) {
    all.push_back({p.m, p.n, p.k, p.batch, p.times});  // by the input
    all.push_back({p.k, p.m, p.n, p.batch, p.times});  // by the other factor
  }
  return all;
}

double flops_of(const std::vector<Product>& products) {
  double sum = 0.0;
  for (const Product& product : products) sum += product.flops();
  return sum;
}

// Each product once, times how often it occurs.
double seconds_of(const std::vector<Product>& products) {
  double sum = 0.0;
  for (const Product& p : products) {
    const torch::Tensor a = torch::rand({p.batch, p.m, p.k});
    const torch::Tensor b = torch::rand({p.batch, p.k, p.n});
    torch::Tensor c = torch::zeros({p.batch, p.m, p.n});
    torch::Tensor first = c[0];
    const auto once = [&] { p.batch == 1 ? at::mm_out(first, a[0], b[0]) : at::bmm_out(c, a, b); };
    sum += best_of(4, once) * static_cast<double>(p.times);
  }
  return sum;
}

std::vector<Sequence> random_batch(const ModelConfig& config, const Workload& work) {
  candor::RandomStream random(1);
  std::vector<Sequence> batch(static_cast<std::size_t>(work.rows));
  for (Sequence& sequence : batch) {
    sequence.tokens.resize(static_cast<std::size_t>(work.length));
    for (Token& token : sequence.tokens)
      token = static_cast<Token>(random.below(config.vocabulary));
    sequence.prompt_length = static_cast<std::size_t>(work.length - work.answers / work.rows);
  }
  return batch;
}

struct Phases {
  double forward = 1e300;
  double backward = 1e300;
  double step = 1e300;
};

bool train_once(Policy& policy, const std::vector<Sequence>& batch, Phases& best) {
  double start = now();
  if (!policy.forward(batch).ok()) return false;
  best.forward = std::min(best.forward, seconds_since(start));
  start = now();
  if (!policy.backward(std::vector<double>(batch.size(), -0.01)).ok()) return false;
  best.backward = std::min(best.backward, seconds_since(start));
  start = now();
  if (!policy.step({.learning_rate = 1e-4}).ok()) return false;
  best.step = std::min(best.step, seconds_since(start));
  return true;
}

void report_training(const ModelConfig& config, const Workload& work, double seconds) {
  const std::vector<Product> products = with_backward(forward_products(config, work));
  const double alone = seconds_of(products);
  const double tokens = static_cast<double>(work.rows * work.length);
  const double flops = flops_of(products);
  std::printf("  %-34s %8.0f tokens/s  %6.1f GFLOP/s\n", "training", tokens / seconds,
              flops / seconds / 1e9);
  std::printf("  %-34s %8.0f tokens/s  %6.1f GFLOP/s\n", "its matrix products alone",
              tokens / alone, flops / alone / 1e9);
  std::printf("  %-34s %8.1f %%\n", "fraction of the GEMM-bound rate", 100.0 * alone / seconds);
  std::printf("  %-34s %8.1f %%\n", "share outside matrix products",
              100.0 * (1.0 - alone / seconds));
}

bool bench_training(Policy& policy, const ModelConfig& config, const Workload& work, int steps) {
  const std::vector<Sequence> batch = random_batch(config, work);
  const double before = resident_mebibytes();
  Phases best;
  double seconds = 1e300;
  for (int step = 0; step < steps; ++step) {
    const double start = now();
    if (!train_once(policy, batch, best)) return false;
    seconds = std::min(seconds, seconds_since(start));
  }
  const double peak = peak_mebibytes();
  report_training(config, work, seconds);
  std::printf("  %-34s forward %.0f ms, backward %.0f ms, AdamW %.0f ms\n", "best of each part",
              1e3 * best.forward, 1e3 * best.backward, 1e3 * best.step);
  const double tokens = static_cast<double>(work.rows * work.length);
  const double per_token =
      4.0 * static_cast<double>(config.layers) *
      (8.0 * static_cast<double>(config.width) + 4.0 * static_cast<double>(config.hidden) +
       static_cast<double>(config.heads) * static_cast<double>(work.length));
  const double counted =
      (12.0 * static_cast<double>(config.parameters()) + tokens * per_token +
       8.0 * static_cast<double>(work.answers) * static_cast<double>(config.vocabulary)) /
      1048576.0;
  std::printf("  %-34s %8.0f MiB more at the peak; counted %.0f MiB\n", "memory of training",
              peak - before, counted);
  return true;
}

bool bench_generation(Policy& policy, const ModelConfig& config, std::int64_t rows) {
  constexpr std::int64_t prompt = 64;
  constexpr std::int64_t answer = 64;
  candor::RandomStream random(2);
  std::vector<std::vector<Token>> prompts(static_cast<std::size_t>(rows));
  for (auto& one : prompts) {
    one.resize(prompt);
    for (Token& token : one) token = static_cast<Token>(random.below(config.vocabulary));
  }
  bool ok = true;
  const double seconds =
      best_of(3, [&] { ok = ok && policy.generate(prompts, {.max_tokens = answer}, 7).ok(); });
  std::vector<Product> products = forward_products(config, {rows, prompt, rows});
  const double first = seconds_of(products);
  products = forward_products(config, {rows, 1, rows});
  for (Product& p : products)
    if (p.batch > 1) (p.n == 1 ? p.n : p.k) = prompt + answer / 2;
  const double alone = first + static_cast<double>(answer - 1) * seconds_of(products);
  const double tokens = static_cast<double>(rows * answer);
  std::printf(
      "  generation, %3lld answers at once      %8.0f tokens/s; matrix products alone %.0f (%.0f "
      "%%)\n",
      static_cast<long long>(rows), tokens / seconds, tokens / alone, 100.0 * alone / seconds);
  return ok;
}

}  // namespace

int main(int argc, char** argv) {
  const auto number = [&](int i, std::int64_t otherwise) {
    return argc > i ? std::strtoll(argv[i], nullptr, 10) : otherwise;
  };
  (void)std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::int64_t rows = number(1, 32);
  const std::int64_t length = number(2, 128);
  const Workload work{.rows = rows, .length = length, .answers = rows * (length / 2)};
  const auto threads = static_cast<std::size_t>(number(3, 0));
  one_thread = threads == 1;
  const ModelConfig config = ten_million();
  auto policy = candor::lm::create_policy(config, 1, {.device = "cpu", .threads = threads});
  if (!policy.ok()) {
    std::fprintf(stderr, "%s\n", policy.error().message().c_str());
    return 1;
  }
  std::printf("%s\n", candor::lm::describe_machine().text().c_str());
  std::printf("llama, %.2f M parameters; %lld sequences of %lld tokens, half of them answer\n",
              static_cast<double>(config.parameters()) / 1e6, static_cast<long long>(rows),
              static_cast<long long>(length));
  bool ok = bench_training(**policy, config, work, 6);
  for (const std::int64_t at_once : {1, 16, 64})
    ok = ok && bench_generation(**policy, config, at_once);
  return ok ? 0 : 1;
}
