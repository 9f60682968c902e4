// Full-matrix Dawid-Skene on a synthetic crowd, timed beside what the memory allows.
//
//   dawid_skene_bench [LABELS [WORKERS [SLOTS [THREADS]]]]      default 10^7, 10^5, 10^6, all
//   threads
//
// The limit is the same traffic without the arithmetic, measured in the same run on the same
// arrays: one pass over the reports by slot, reading each worker's table, and one pass over the
// reports by worker, reading each slot's posterior. An EM iteration cannot be faster than that.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "candor/base/parallel.h"
#include "candor/base/random.h"
#include "candor/baseline/dawid_skene.h"

namespace {

using candor::RandomStream;
using candor::WorkerId;
using candor::baseline::ReportTable;
using candor::baseline::WorkerReports;

struct Size {
  std::size_t labels = 10'000'000;
  std::size_t workers = 100'000;
  std::size_t slots = 1'000'000;
  std::size_t threads = 0;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Workers with accuracies from .55 to .95 per answer, each report from a worker drawn at random.
ReportTable make_crowd(const Size& size, std::vector<std::uint8_t>& truth) {
  RandomStream random(1);
  std::vector<double> right(size.workers * 2);
  for (double& accuracy : right) accuracy = 0.55 + 0.4 * random.uniform();
  ReportTable table(2);
  table.reserve(size.slots, size.labels);
  table.reserve_workers(size.workers);
  const std::size_t each = size.labels / size.slots;
  std::vector<WorkerId> workers(each);
  std::vector<std::uint32_t> labels(each);
  truth.resize(size.slots);
  for (std::size_t slot = 0; slot < size.slots; ++slot) {
    truth[slot] = random.bernoulli(0.4) ? 1 : 0;
    for (std::size_t i = 0; i < each; ++i) {
      workers[i].value = static_cast<std::uint32_t>(random.below(size.workers));
      const bool good = random.bernoulli(right[workers[i].index() * 2 + truth[slot]]);
      labels[i] = good ? truth[slot] : 1U - truth[slot];
    }
    table.add_labels(workers, labels);
  }
  return table;
}

constexpr std::size_t parts = 64;

double gather_by_slot(const ReportTable& table, const std::vector<double>& tables,
                      std::size_t part) {
  double total = 0.0;
  const std::size_t end = table.reports() * (part + 1) / parts;
  for (std::size_t i = table.reports() * part / parts; i < end; ++i) {
    const double* row = &tables[table.worker_ids()[i].index() * 4 + table.codes()[i] * 2];
    total += row[0] + row[1];
  }
  return total;
}

double gather_by_worker(const WorkerReports& view, const std::vector<double>& posterior,
                        std::size_t part) {
  double total = 0.0;
  const std::size_t end = view.slots.size() * (part + 1) / parts;
  for (std::size_t i = view.slots.size() * part / parts; i < end; ++i) {
    const double* row = &posterior[std::size_t{view.slots[i]} * 2];
    total += row[0] + row[1] * view.codes[i];
  }
  return total;
}

// Seconds for one iteration's reads; the best of three.
double memory_limit(const ReportTable& table, std::size_t threads) {
  const WorkerReports view = candor::baseline::by_worker(table);
  const std::vector<double> tables(table.workers() * 4, 0.5);
  const std::vector<double> posterior(table.slots() * 2, 0.5);
  std::vector<double> sums(parts);
  double best = 1e300;
  for (int repeat = 0; repeat < 3; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    candor::for_each_block(parts, threads,
                           [&](std::size_t p) { sums[p] = gather_by_slot(table, tables, p); });
    candor::for_each_block(parts, threads,
                           [&](std::size_t p) { sums[p] += gather_by_worker(view, posterior, p); });
    const double taken = seconds_since(start);
    best = taken < best ? taken : best;
  }
  if (sums[0] < 0.0) std::puts("");  // the reads must not be optimised away
  return best;
}

double accuracy(const std::vector<double>& posterior, const std::vector<std::uint8_t>& truth) {
  std::size_t right = 0;
  for (std::size_t slot = 0; slot < truth.size(); ++slot)
    right += (posterior[slot * 2 + 1] > 0.5) == (truth[slot] == 1) ? 1 : 0;
  return static_cast<double>(right) / static_cast<double>(truth.size());
}

struct Timing {
  candor::baseline::DawidSkeneResult result;
  double seconds;
};

Timing run(const ReportTable& table, std::size_t iterations, std::size_t threads) {
  const auto start = std::chrono::steady_clock::now();
  auto result =
      candor::baseline::dawid_skene(table, {.iterations = iterations, .threads = threads}).value();
  return {std::move(result), seconds_since(start)};
}

void report(const Size& size, const ReportTable& table, const std::vector<std::uint8_t>& truth) {
  const double limit = memory_limit(table, size.threads);
  const Timing first = run(table, 1, size.threads);
  const Timing all = run(table, 50, size.threads);
  const double later = static_cast<double>(all.result.iterations - 1);
  const double each = (all.seconds - first.seconds) / later;
  std::printf("dawid-skene full: %zu labels, %zu workers, %zu slots, %zu threads\n",
              table.reports(), table.workers(), table.slots(),
              size.threads == 0 ? candor::default_threads() : size.threads);
  std::printf("  total       %8.3f s   (target 10 s), %zu iterations, %s, accuracy %.4f\n",
              all.seconds, all.result.iterations,
              all.result.converged ? "converged" : "stopped at 50",
              accuracy(all.result.posterior, truth));
  std::printf("  start       %8.4f s   grouping by worker, vote shares, first iteration\n",
              first.seconds);
  std::printf("  iteration   %8.4f s   %.1f million labels/s\n", each,
              static_cast<double>(table.reports()) / each / 1e6);
  std::printf("  memory only %8.4f s   an iteration's reads without arithmetic; ratio %.2f\n",
              limit, each / limit);
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int i, std::size_t otherwise) {
    return i < argc ? std::strtoull(argv[i], nullptr, 10) : otherwise;
  };
  Size size;
  size.labels = argument(1, size.labels);
  size.workers = argument(2, size.workers);
  size.slots = argument(3, size.slots);
  size.threads = argument(4, size.threads);
  if (size.slots == 0 || size.workers == 0 || size.labels < size.slots) {
    std::fputs("dawid_skene_bench: expected LABELS >= SLOTS >= 1 and WORKERS >= 1\n", stderr);
    return 2;
  }
  std::vector<std::uint8_t> truth;
  const ReportTable table = make_crowd(size, truth);
  report(size, table, truth);
  return 0;
}
