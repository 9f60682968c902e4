#include "candor/align/self_play.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "candor/base/math.h"
#include "candor/base/text.h"

namespace candor::align {
namespace {

std::string place(std::size_t i, std::size_t j) {
  return "W[" + std::to_string(i) + "][" + std::to_string(j) + "]";
}

Status check_entry(double forth, double back, std::size_t i, std::size_t j) {
  if (!(forth >= 0.0 && forth <= 1.0))
    return Error{ErrorCode::out_of_range, number_text(forth)}
        .in_field(place(i, j))
        .expecting("a probability in [0,1]");
  if (std::fabs(forth + back - 1.0) <= 1e-9) return {};
  return Error{ErrorCode::out_of_range, number_text(forth + back)}
      .in_field(place(i, j) + " + " + place(j, i))
      .expecting("1: one of the two is preferred");
}

void add(std::vector<double>& sum, std::span<const double> p) {
  for (std::size_t i = 0; i < p.size(); ++i) sum[i] += p[i];
}

}  // namespace

Result<WinMatrix> WinMatrix::create(std::size_t answers, std::vector<double> win) {
  if (answers == 0 || win.size() != answers * answers)
    return Error{ErrorCode::invalid_argument, std::to_string(win.size()) + " numbers"}.expecting(
        std::to_string(answers) + " x " + std::to_string(answers) + ", at least one");
  for (std::size_t i = 0; i < answers; ++i)
    for (std::size_t j = 0; j < answers; ++j)
      CANDOR_CHECK(check_entry(win[i * answers + j], win[j * answers + i], i, j));
  return WinMatrix(answers, std::move(win));
}

std::vector<double> WinMatrix::win_rates(std::span<const double> p) const {
  std::vector<double> rate(answers_);
  for (std::size_t i = 0; i < answers_; ++i)
    rate[i] = dot(std::span(win_).subspan(i * answers_, answers_), p);
  return rate;
}

double exploitability(const WinMatrix& matrix, std::span<const double> p) {
  const std::vector<double> rate = matrix.win_rates(p);
  return *std::max_element(rate.begin(), rate.end()) - 0.5;
}

SelfPlay play_hedge(const WinMatrix& matrix, std::size_t steps) {
  assert(steps >= 1);
  const std::size_t n = matrix.answers();
  const double log_n = portable_log(static_cast<double>(n));
  const double step = std::sqrt(8.0 * log_n / static_cast<double>(steps));
  std::vector<double> log_weight(n);
  SelfPlay play{.average = std::vector<double>(n), .last = {}};
  for (std::size_t t = 0; t < steps; ++t) {
    play.last = log_weight;
    softmax(play.last);
    add(play.average, play.last);
    const std::vector<double> rate = matrix.win_rates(play.last);
    for (std::size_t i = 0; i < n; ++i) log_weight[i] += step * rate[i];
  }
  normalise(play.average);
  play.exploitability = exploitability(matrix, play.average);
  play.bound = std::sqrt(log_n / (2.0 * static_cast<double>(steps)));
  return play;
}

std::vector<double> mean_win_rates(const WinMatrix& among) {
  assert(among.answers() >= 2);
  const std::vector<double> ones(among.answers(), 1.0);
  std::vector<double> rate = among.win_rates(ones);
  const auto others = static_cast<double>(among.answers() - 1);
  for (double& r : rate) r = (r - 0.5) / others;
  return rate;
}

double pair_label(double rate_a, double rate_b) {
  return 0.5 + (rate_a - rate_b) / 2.0;
}

}  // namespace candor::align
