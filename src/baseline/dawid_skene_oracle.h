// baseline/dawid_skene_oracle.h
// For tests: a small crowd as plain dense arrays, and EM written straight from the formulas of
// dawid_skene.h with std::log, no codes, no views, no blocks.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "candor/base/random.h"
#include "candor/baseline/dawid_skene.h"

namespace candor::baseline {

using Row = std::vector<double>;

/// reports[slot][worker] is a row of K probabilities, or empty where the worker did not report.
struct DenseCrowd {
  std::size_t answers = 2;
  std::size_t workers = 0;
  std::vector<std::vector<Row>> reports;
  std::vector<std::size_t> truth;

  [[nodiscard]] ReportTable table() const {
    ReportTable result(answers);
    result.reserve_workers(workers);
    for (const auto& slot : reports) {
      const auto [ids, rows] = flat(slot);
      result.add_slot(ids, rows);
    }
    return result;
  }

  static std::pair<std::vector<WorkerId>, Row> flat(const std::vector<Row>& slot) {
    std::pair<std::vector<WorkerId>, Row> result;
    for (std::size_t w = 0; w < slot.size(); ++w) {
      if (slot[w].empty()) continue;
      result.first.push_back({static_cast<std::uint32_t>(w)});
      result.second.insert(result.second.end(), slot[w].begin(), slot[w].end());
    }
    return result;
  }
};

inline Row label_row(std::size_t answers, std::size_t label) {
  Row row(answers, 0.0);
  row[label] = 1.0;
  return row;
}

struct CrowdShape {
  std::size_t answers = 2, workers = 8, slots = 60;
  double present = 0.6;  ///< chance that a worker reports on a slot
  double soft = 0.0;     ///< chance that a report is spread out
  std::uint64_t seed = 1;
};

/// Truth uniform; worker w is right with a chance between 1/K and 1 that grows with w.
inline DenseCrowd random_crowd(const CrowdShape& shape) {
  RandomStream random(shape.seed);
  DenseCrowd crowd{shape.answers, shape.workers, {}, {}};
  for (std::size_t s = 0; s < shape.slots; ++s) {
    crowd.truth.push_back(random.below(shape.answers));
    auto& slot = crowd.reports.emplace_back(shape.workers);
    for (std::size_t w = 0; w < shape.workers; ++w) {
      if (!random.bernoulli(shape.present)) continue;
      const double place = static_cast<double>(w + 1) / static_cast<double>(shape.workers + 1);
      const bool right = random.bernoulli(place);
      slot[w] = label_row(shape.answers, right ? crowd.truth[s] : random.below(shape.answers));
      if (!random.bernoulli(shape.soft)) continue;
      const double kept = random.uniform();
      for (double& p : slot[w]) p = kept * p + (1.0 - kept) / static_cast<double>(shape.answers);
    }
  }
  return crowd;
}

struct OracleResult {
  std::vector<Row> posterior;           // [slots][K]
  Row prior;                            // [K]
  std::vector<std::vector<Row>> rates;  // [workers][true][reported]
  Row objective;
};

class DawidSkeneOracle {
 public:
  DawidSkeneOracle(const DenseCrowd& crowd, DawidSkeneOptions options)
      : crowd_(crowd), options_(options) {}

  OracleResult run() {
    votes();
    m_step();
    for (std::size_t i = 0; i < options_.iterations; ++i) {
      e_step();
      m_step();
    }
    return out_;
  }

 private:
  [[nodiscard]] bool empty(std::size_t s) const {
    return std::ranges::all_of(crowd_.reports[s], [](const Row& row) { return row.empty(); });
  }

  void votes() {
    for (std::size_t s = 0; s < crowd_.reports.size(); ++s) {
      Row mean(crowd_.answers, 0.0);
      double n = 0.0;
      for (const Row& row : crowd_.reports[s]) {
        if (row.empty()) continue;
        n += 1.0;
        for (std::size_t a = 0; a < crowd_.answers; ++a) mean[a] += row[a];
      }
      for (double& m : mean) m = n > 0.0 ? m / n : 1.0 / static_cast<double>(crowd_.answers);
      out_.posterior.push_back(mean);
    }
  }

  void e_step() {
    double objective = log_density();
    for (std::size_t s = 0; s < crowd_.reports.size(); ++s) {
      Row joint(crowd_.answers);
      double total = 0.0;
      for (std::size_t a = 0; a < crowd_.answers; ++a) {
        double score = std::log(out_.prior[a]);
        for (std::size_t w = 0; w < crowd_.workers; ++w)
          for (std::size_t b = 0; b < crowd_.reports[s][w].size(); ++b)
            if (crowd_.reports[s][w][b] > 0.0)
              score += crowd_.reports[s][w][b] * std::log(out_.rates[w][a][b]);
        total += joint[a] = std::exp(score);
      }
      for (std::size_t a = 0; a < crowd_.answers; ++a) out_.posterior[s][a] = joint[a] / total;
      objective += std::log(total);
    }
    out_.objective.push_back(objective);
  }

  [[nodiscard]] double log_density() const {
    const auto k = crowd_.answers;
    double density = 0.0;
    for (const double p : out_.prior) density += options_.smoothing.answer * std::log(p);
    for (const auto& table : out_.rates) {
      const std::size_t rows = options_.model == ConfusionModel::full ? k : 1;
      for (std::size_t a = 0; a < rows; ++a)
        for (std::size_t b = 0; b < k; ++b)
          if (before(a, b) > 0.0) density += before(a, b) * std::log(table[a][b]);
    }
    return density;
  }

  [[nodiscard]] double before(std::size_t a, std::size_t b) const {
    const double others = static_cast<double>(crowd_.answers - 1);
    return a == b ? options_.smoothing.right : options_.smoothing.wrong / others;
  }

  void m_step() {
    const auto k = crowd_.answers;
    Row shares(k, options_.smoothing.answer);
    double total = options_.smoothing.answer * static_cast<double>(k);
    for (std::size_t s = 0; s < crowd_.reports.size(); ++s) {
      if (empty(s)) continue;
      total += 1.0;
      for (std::size_t a = 0; a < k; ++a) shares[a] += out_.posterior[s][a];
    }
    for (double& share : shares) share = std::max(share / total, options_.floor);
    out_.prior = shares;
    out_.rates.clear();
    for (std::size_t w = 0; w < crowd_.workers; ++w)
      out_.rates.push_back(options_.model == ConfusionModel::full ? full(w) : one_coin(w));
  }

  [[nodiscard]] double count(std::size_t w, std::size_t a, std::size_t b) const {
    double n = 0.0;
    for (std::size_t s = 0; s < crowd_.reports.size(); ++s)
      if (!crowd_.reports[s][w].empty()) n += out_.posterior[s][a] * crowd_.reports[s][w][b];
    return n;
  }

  [[nodiscard]] double floor_of(std::size_t w, std::size_t b) const {
    double used = options_.smoothing.wrong;
    for (std::size_t a = 0; a < crowd_.answers; ++a) used += count(w, a, b);
    return used > 0.0 ? options_.floor : 0.0;
  }

  [[nodiscard]] std::vector<Row> full(std::size_t w) const {
    const auto k = crowd_.answers;
    std::vector<Row> table(k, Row(k));
    for (std::size_t a = 0; a < k; ++a) {
      double total = 0.0;
      for (std::size_t b = 0; b < k; ++b)
        total += table[a][b] = std::max(count(w, a, b) + before(a, b), floor_of(w, b));
      for (double& cell : table[a])
        cell = total > 0.0 ? cell / total : 1.0 / static_cast<double>(k);
    }
    return table;
  }

  [[nodiscard]] std::vector<Row> one_coin(std::size_t w) const {
    const auto k = crowd_.answers;
    double right = options_.smoothing.right;
    double all = options_.smoothing.right + options_.smoothing.wrong;
    for (std::size_t a = 0; a < k; ++a) {
      right += count(w, a, a);
      for (std::size_t b = 0; b < k; ++b) all += count(w, a, b);
    }
    const double s = all > 0.0 ? right / all : 1.0 / static_cast<double>(k);
    const auto bounded = [&](double p) {
      return std::min(std::max(p, options_.floor), 1.0 - options_.floor);
    };
    std::vector<Row> table(k, Row(k, bounded((1.0 - s) / static_cast<double>(k - 1))));
    for (std::size_t a = 0; a < k; ++a) table[a][a] = bounded(s);
    return table;
  }

  const DenseCrowd& crowd_;
  DawidSkeneOptions options_;
  OracleResult out_;
};

}  // namespace candor::baseline
