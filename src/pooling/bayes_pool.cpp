#include "candor/pooling/bayes_pool.h"

#include <algorithm>

#include "candor/base/math.h"
#include "candor/base/text.h"

namespace candor::pooling {
namespace {

constexpr double prior_right = 2.0;  // on the diagonal of a table before any report
constexpr double prior_wrong = 1.0;  // spread over the rest of the row

}  // namespace

BayesPool::BayesPool(std::size_t answers, BayesOptions options)
    : options_(std::move(options)),
      rows_(answers, options_.ties),
      kinds_(rows_.capacity()),
      prior_(kinds_, 0.0),
      crowd_(kinds_ * kinds_, prior_wrong / static_cast<double>(kinds_ - 1)),
      crowd_row_(kinds_, prior_right + prior_wrong),
      log_prior_(kinds_),
      evidence_(kinds_),
      posterior_(kinds_) {
  std::fill_n(prior_.begin(), answers, 1.0);
  for (std::size_t a = 0; a < kinds_; ++a) crowd_[a * kinds_ + a] = prior_right;
}

std::vector<std::string> BayesPool::names() const {
  std::vector<std::string> names;
  names.reserve(options_.temperatures.size());
  for (const double tau : options_.temperatures)
    names.push_back(tau == 1.0 ? options_.name : options_.name + "-" + number_text(tau));
  return names;
}

std::size_t BayesPool::table_index(WorkerId worker) const {
  return options_.tables == BayesOptions::Tables::crowd ? 0 : worker.index();
}

double BayesPool::base_count(std::size_t a, std::size_t b) const {
  if (options_.tables == BayesOptions::Tables::shrunk)
    return options_.strength * (crowd_[a * kinds_ + b] / crowd_row_[a]);
  return a == b ? prior_right : prior_wrong / static_cast<double>(kinds_ - 1);
}

void BayesPool::refresh_row(std::size_t table, std::size_t a) {
  double total = 0.0;
  const auto row = std::span(cells_).subspan(cell(table, a, 0), kinds_);
  for (std::size_t b = 0; b < kinds_; ++b) total += row[b].count + base_count(a, b);
  for (std::size_t b = 0; b < kinds_; ++b)
    row[b].log_probability = portable_log((row[b].count + base_count(a, b)) / total);
}

void BayesPool::prepare_table(std::size_t table) {
  if (table >= prepared_.size()) {
    const std::size_t room = std::max(table + 1, prepared_.size() + prepared_.size() / 2);
    prepared_.resize(room, false);
    cells_.resize(room * kinds_ * kinds_);
  }
  if (prepared_[table]) return;
  prepared_[table] = true;
  for (std::size_t a = 0; a < kinds_; ++a) refresh_row(table, a);
}

void BayesPool::add_evidence(std::size_t table, std::span<const double> report) {
  for (const auto& [kind, mass] : rows_.split(report))
    for (std::size_t a = 0; a < kinds_; ++a)
      evidence_[a] += mass * cells_[cell(table, a, kind)].log_probability;
}

void BayesPool::form_label(double tau, std::span<double> label) {
  for (std::size_t a = 0; a < kinds_; ++a) posterior_[a] = log_prior_[a] + tau * evidence_[a];
  softmax(posterior_);
  std::copy_n(posterior_.begin(), label.size(), label.begin());
  for (std::size_t tie = label.size(); tie < rows_.count(); ++tie)
    for (std::size_t k = 0; k < label.size(); ++k) label[k] += posterior_[tie] * rows_.row(tie)[k];
}

void BayesPool::pool(const SlotView& slot, std::span<double> label) {
  std::fill(evidence_.begin(), evidence_.end(), 0.0);
  for (std::size_t j = 0; j < slot.size(); ++j) {
    const std::size_t table = table_index(slot.worker[j]);
    prepare_table(table);
    add_evidence(table, slot.row(j));
  }
  for (std::size_t a = 0; a < kinds_; ++a) log_prior_[a] = portable_log(prior_[a]);
  for (std::size_t t = 0; t < options_.temperatures.size(); ++t)
    form_label(options_.temperatures[t], label.subspan(t * slot.answers, slot.answers));
}

void BayesPool::count_report(std::size_t table, std::span<const double> report,
                             const Parts& outcome) {
  for (const auto& [b, report_mass] : rows_.split(report))
    for (const auto& [a, outcome_mass] : outcome) {
      cells_[cell(table, a, b)].count += outcome_mass * report_mass;
      crowd_[a * kinds_ + b] += outcome_mass * report_mass;
      crowd_row_[a] += outcome_mass * report_mass;
    }
}

void BayesPool::learn(const SlotView& slot, std::span<const double>,
                      std::span<const double> outcome) {
  const auto split = rows_.split(outcome);
  const Parts parts(split.begin(), split.end());
  for (const auto& [a, mass] : parts) prior_[a] += mass;
  for (std::size_t j = 0; j < slot.size(); ++j) {
    const std::size_t table = table_index(slot.worker[j]);
    prepare_table(table);
    count_report(table, slot.row(j), parts);
  }
  const std::size_t tables = options_.tables == BayesOptions::Tables::crowd ? 1 : slot.size();
  for (std::size_t j = 0; j < tables; ++j)
    for (const auto& [a, mass] : parts) refresh_row(table_index(slot.worker[j]), a);
}

std::vector<double> BayesPool::table_of(WorkerId worker) const {
  const std::size_t table = table_index(worker);
  std::vector<double> estimate(kinds_ * kinds_);
  for (std::size_t a = 0; a < kinds_; ++a) {
    const auto row = std::span(estimate).subspan(a * kinds_, kinds_);
    for (std::size_t b = 0; b < kinds_; ++b)
      row[b] =
          base_count(a, b) + (table < prepared_.size() ? cells_[cell(table, a, b)].count : 0.0);
    normalise(row);
  }
  return estimate;
}

}  // namespace candor::pooling
