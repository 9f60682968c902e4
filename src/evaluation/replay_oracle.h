// For tests: a replay written the slow and obvious way, to hold the real one against.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "candor/base/random.h"
#include "candor/base/text.h"
#include "candor/evaluation/replay.h"

namespace candor::evaluation {

using Row = std::vector<double>;

/// A crowd's reports, slot by slot; workers are numbered in the order of their first report.
struct Crowd {
  struct Slot {
    std::vector<std::size_t> worker;
    std::vector<Row> report;
    Row outcome;  ///< empty: none known
  };
  std::size_t answers = 2;
  std::size_t workers = 0;
  std::vector<Slot> slots;
};

/// Random attendance, reports and outcomes; one slot in ten has no outcome. `certain`: reports are
/// votes for one answer, as in a table of labels; else probabilities (two answers only).
inline Crowd random_crowd(std::uint64_t seed, std::size_t workers, std::size_t slots,
                          std::size_t answers, bool certain) {
  RandomStream random(seed);
  Crowd crowd{answers, workers, {}};
  std::vector<double> skill(workers);
  for (double& value : skill) value = random.uniform();
  for (std::size_t s = 0; s < slots; ++s) {
    Crowd::Slot slot;
    const std::size_t truth = random.below(answers);
    for (std::size_t i = 0; i < workers; ++i) {
      if (s > 0 && random.bernoulli(.3)) continue;  // the first slot introduces everybody, in order
      const std::size_t vote = random.bernoulli(skill[i]) ? truth : random.below(answers);
      Row row(answers, 0.0);
      row[vote] = certain ? 1.0 : .5 + .5 * random.uniform();
      if (!certain) row[1 - vote] = 1.0 - row[vote];
      slot.worker.push_back(i);
      slot.report.push_back(row);
    }
    if (slot.worker.empty()) continue;
    if (s % 10 != 9) {
      slot.outcome.assign(answers, 0.0);
      slot.outcome[truth] = 1.0;
    }
    crowd.slots.push_back(slot);
  }
  return crowd;
}

/// As a table of forecasts (two answers) or of labels named "0", "1", ...
inline std::string csv_of(const Crowd& crowd, bool labels) {
  std::string text =
      labels ? "task_id,worker_id,label,truth\n" : "event_id,worker_id,probability,outcome\n";
  const auto cell = [labels](const Row& row) {
    if (row.empty()) return std::string();
    if (!labels) return number_text(row[0]);
    return std::to_string(std::max_element(row.begin(), row.end()) - row.begin());
  };
  for (std::size_t s = 0; s < crowd.slots.size(); ++s)
    for (std::size_t j = 0; j < crowd.slots[s].worker.size(); ++j)
      text += "s" + std::to_string(s) + ",w" + std::to_string(crowd.slots[s].worker[j]) + ',' +
              cell(crowd.slots[s].report[j]) + ',' + cell(crowd.slots[s].outcome) + '\n';
  return text;
}

inline double slow_loss(const Row& label, const Row& outcome) {
  double total = 0.0;
  for (std::size_t k = 0; k < label.size(); ++k) total += std::pow(label[k] - outcome[k], 2) / 2;
  return total;
}

inline Row slow_average(const Crowd::Slot& slot) {
  Row label(slot.report[0].size(), 0.0);
  for (const Row& row : slot.report)
    for (std::size_t k = 0; k < label.size(); ++k)
      label[k] += row[k] / static_cast<double>(slot.report.size());
  return label;
}

inline Row slow_normalised(Row row) {
  double total = 0.0;
  for (const double value : row) total += value;
  for (double& value : row)
    value = total > 0 ? value / total : 1.0 / static_cast<double>(row.size());
  return row;
}

inline Row slow_median(const Crowd::Slot& slot) {
  Row label(slot.report[0].size());
  for (std::size_t k = 0; k < label.size(); ++k) {
    Row column;
    for (const Row& row : slot.report) column.push_back(row[k]);
    std::sort(column.begin(), column.end());
    const std::size_t n = column.size();
    label[k] = (column[(n - 1) / 2] + column[n / 2]) / 2;
  }
  return slow_normalised(label);
}

inline Row slow_top(const Row& row) {
  Row top(row.size(), 0.0);
  for (std::size_t k = 0; k < row.size(); ++k)
    top[k] = row[k] == *std::max_element(row.begin(), row.end()) ? 1.0 : 0.0;
  return slow_normalised(top);
}

inline Row slow_majority(const Crowd::Slot& slot) {
  Row votes(slot.report[0].size(), 0.0);
  for (const Row& row : slot.report)
    for (std::size_t k = 0; k < votes.size(); ++k) votes[k] += slow_top(row)[k];
  return slow_top(votes);
}

/// What one method came to.
struct SlowScore {
  double brier = 0.0;
  double log_loss = 0.0;
  double accuracy = 0.0;
  double regret = 0.0;
};

/// average, median, majority and weighted-score, and the weights at the end.
struct SlowReplay {
  std::map<std::string, SlowScore> score;
  Row weight;
  double drawn_loss = 0.0;
};

inline SlowReplay slow_replay(const Crowd& crowd, double step_size, std::size_t min_reports) {
  SlowReplay result;
  result.weight.assign(crowd.workers, 1.0 / static_cast<double>(crowd.workers));
  const std::vector<std::string> methods{"average", "median", "majority", "weighted-score"};
  std::map<std::string, Row> method_loss;  // over each worker's slots
  for (const auto& name : methods) method_loss[name].assign(crowd.workers, 0.0);
  Row own_loss(crowd.workers, 0.0);
  std::vector<std::size_t> answered(crowd.workers, 0);
  double settled = 0.0;
  for (const Crowd::Slot& slot : crowd.slots) {
    if (slot.outcome.empty()) continue;
    settled += 1.0;
    double present = 0.0;
    for (const std::size_t i : slot.worker) present += result.weight[i];
    Row weighted(crowd.answers, 0.0);
    double mean_loss = 0.0;
    Row loss;
    for (std::size_t j = 0; j < slot.worker.size(); ++j) {
      const double share = result.weight[slot.worker[j]] / present;
      for (std::size_t k = 0; k < crowd.answers; ++k) weighted[k] += share * slot.report[j][k];
      loss.push_back(slow_loss(slot.report[j], slot.outcome));
      mean_loss += share * loss[j];
    }
    const std::map<std::string, Row> label{{"average", slow_average(slot)},
                                           {"median", slow_median(slot)},
                                           {"majority", slow_majority(slot)},
                                           {"weighted-score", weighted}};
    for (const auto& [name, row] : label) {
      SlowScore& score = result.score[name];
      score.brier += slow_loss(row, slot.outcome);
      double tied = 0.0;
      double hit = 0.0;
      for (std::size_t k = 0; k < crowd.answers; ++k) {
        score.log_loss -= slot.outcome[k] * std::log(std::max(row[k], 1e-12));
        if (row[k] < *std::max_element(row.begin(), row.end()) - 1e-12) continue;
        tied += 1.0;
        hit += slot.outcome[k];
      }
      score.accuracy += hit / tied;
      for (const std::size_t i : slot.worker) method_loss[name][i] += slow_loss(row, slot.outcome);
    }
    result.drawn_loss += mean_loss;
    for (std::size_t j = 0; j < slot.worker.size(); ++j) {
      const std::size_t i = slot.worker[j];
      ++answered[i];
      own_loss[i] += loss[j];
      if (slot.worker.size() > 1) result.weight[i] *= 1.0 + step_size * (mean_loss - loss[j]);
    }
  }
  const std::size_t least =
      std::min(min_reports, *std::max_element(answered.begin(), answered.end()));
  for (auto& [name, score] : result.score) {
    score.brier /= settled;
    score.log_loss /= settled;
    score.accuracy /= settled;
    score.regret = -1e9;
    for (std::size_t i = 0; i < crowd.workers; ++i)
      if (answered[i] >= least)
        score.regret = std::max(score.regret, method_loss[name][i] - own_loss[i]);
  }
  result.drawn_loss /= settled;
  return result;
}

/// The method's row; fails the test if there is none.
inline MethodResult method_of(const ReplayResult& result, const std::string& name) {
  for (const MethodResult& method : result.methods)
    if (method.name == name) return method;
  ADD_FAILURE() << "no method " << name;
  return {};
}

inline double weight_of(const ReplayResult& result, const std::string& worker) {
  for (const WorkerResult& row : result.weights)
    if (row.worker == worker) return row.weight;
  ADD_FAILURE() << "no worker " << worker;
  return 0.0;
}

}  // namespace candor::evaluation
