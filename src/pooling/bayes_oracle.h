// pooling/bayes_oracle.h
// The Bayes pool from its definition, slowly: it keeps every slot and counts everything anew for
// each label. For tests only.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include "candor/pooling/bayes_pool.h"

namespace candor::pooling {

class BayesOracle {
 public:
  using Row = std::vector<double>;
  struct Report {
    std::size_t worker;
    Row row;
  };

  BayesOracle(std::size_t answers, BayesOptions options)
      : answers_(answers), options_(std::move(options)) {}

  /// The label for tau, and a record that these workers were seen.
  Row pool(const std::vector<Report>& slot, double tau) {
    keep({slot, {}});
    Row score(kinds());
    for (std::size_t a = 0; a < kinds(); ++a) {
      score[a] = std::log(prior(a));
      for (const Report& report : slot)
        for (std::size_t b = 0; b < kinds(); ++b)
          if (part(report.row, b) > 0.0)
            score[a] += tau * part(report.row, b) * std::log(chance(report.worker, a, b));
    }
    return mean_row(score);
  }

  void learn(const std::vector<Report>& slot, const Row& outcome) { keep({slot, outcome}); }

 private:
  static constexpr std::size_t everybody = std::numeric_limits<std::size_t>::max();

  struct Event {
    std::vector<Report> slot;
    std::optional<Row> outcome;  // none: the slot was only pooled
  };

  [[nodiscard]] std::size_t kinds() const { return answers_ + options_.ties; }

  // Ties in order of appearance, while there is room.
  void see(const Row& row) {
    const double top = *std::max_element(row.begin(), row.end());
    for (const double value : row)
      if (top == 1.0 || (value != 0.0 && value != top)) return;
    const bool is_new = std::find(ties_.begin(), ties_.end(), row) == ties_.end();
    if (is_new && ties_.size() < options_.ties) ties_.push_back(row);
  }

  void keep(Event event) {
    if (event.outcome) see(*event.outcome);
    for (const Report& report : event.slot) see(report.row);
    events_.push_back(std::move(event));
  }

  // How much of a row is of kind b.
  [[nodiscard]] double part(const Row& row, std::size_t b) const {
    const auto tie = std::find(ties_.begin(), ties_.end(), row);
    if (tie == ties_.end()) return b < answers_ ? row[b] : 0.0;
    return b == answers_ + static_cast<std::size_t>(tie - ties_.begin()) ? 1.0 : 0.0;
  }

  [[nodiscard]] double prior(std::size_t a) const {
    double count = a < answers_ ? 1.0 : 0.0;
    for (const Event& event : events_)
      if (event.outcome) count += part(*event.outcome, a);
    return count;
  }

  // Reports of kind b at outcomes of kind a in the first `until` events, by one worker or by all.
  [[nodiscard]] double count(std::size_t worker, std::size_t a, std::size_t b,
                             std::size_t until) const {
    double total = 0.0;
    for (std::size_t e = 0; e < until; ++e)
      for (const Report& report : events_[e].slot)
        if (events_[e].outcome && (worker == everybody || worker == report.worker))
          total += part(*events_[e].outcome, a) * part(report.row, b);
    return total;
  }

  // The crowd's table, as it was when the worker's own row was last touched (a row is worked out
  // anew when the worker first appears, and when an outcome of its kind is learned).
  [[nodiscard]] std::size_t last_touched(std::size_t worker, std::size_t a) const {
    std::optional<std::size_t> first;
    std::size_t last = 0;
    for (std::size_t e = 0; e < events_.size(); ++e) {
      const bool present = std::any_of(events_[e].slot.begin(), events_[e].slot.end(),
                                       [&](const Report& r) { return r.worker == worker; });
      if (!present) continue;
      if (!first) first = last = e + 1;
      if (events_[e].outcome && part(*events_[e].outcome, a) > 0.0) last = e + 1;
    }
    return last;
  }

  [[nodiscard]] double own_prior(std::size_t a, std::size_t b) const {
    return a == b ? 2.0 : 1.0 / static_cast<double>(kinds() - 1);
  }

  // What stands in for the worker's own reports.
  [[nodiscard]] double base(std::size_t worker, std::size_t a, std::size_t b) const {
    if (options_.tables != BayesOptions::Tables::shrunk) return own_prior(a, b);
    const std::size_t until = last_touched(worker, a);
    double row = 0.0;
    for (std::size_t c = 0; c < kinds(); ++c)
      row += own_prior(a, c) + count(everybody, a, c, until);
    return options_.strength * (own_prior(a, b) + count(everybody, a, b, until)) / row;
  }

  [[nodiscard]] double chance(std::size_t worker, std::size_t a, std::size_t b) const {
    const bool shared = options_.tables == BayesOptions::Tables::crowd;
    const std::size_t whose = shared ? everybody : worker;
    double row = 0.0;
    for (std::size_t c = 0; c < kinds(); ++c)
      row += base(worker, a, c) + count(whose, a, c, events_.size());
    return (base(worker, a, b) + count(whose, a, b, events_.size())) / row;
  }

  [[nodiscard]] Row mean_row(const Row& score) const {
    const double top = *std::max_element(score.begin(), score.end());
    double total = 0.0;
    for (const double value : score) total += std::exp(value - top);
    Row label(answers_, 0.0);
    for (std::size_t k = 0; k < answers_; ++k) {
      label[k] = std::exp(score[k] - top) / total;
      for (std::size_t t = 0; t < ties_.size(); ++t)
        label[k] += std::exp(score[answers_ + t] - top) / total * ties_[t][k];
    }
    return label;
  }

  std::size_t answers_;
  BayesOptions options_;
  std::vector<Event> events_;
  std::vector<Row> ties_;
};

}  // namespace candor::pooling
