// candor/navigation/navigation_task.h
// The campaign's view of the experiment: prompts are hours of the campaign period, workers are
// drivers, and the measured volume says which of two forecasts was better.
//
//   prompts   hours of the campaign period, in an order shuffled once by the options' seed
//   reports   of everyone, in order of number, or of those asked, in the order asked
//   outcome   1 if A's forecast is nearer to the measured volume, 0 if B's, 1/2 if equally far;
//             malformed loses. Known at once: the hour is long past
#pragma once

#include <memory>

#include "candor/campaign/task.h"
#include "candor/navigation/drivers.h"
#include "candor/navigation/traffic_series.h"

namespace candor::navigation {

class NavigationTask final : public campaign::Task {
 public:
  /// Keeps pointers to the series and the drivers, which must outlive it. seed: of the prompts'
  /// order. Errors: not_found for a campaign period without hours.
  static Result<std::unique_ptr<NavigationTask>> create(const TrafficSeries& series,
                                                        const Split& split, const Drivers& drivers,
                                                        std::uint64_t seed);

  [[nodiscard]] const std::vector<std::string>& workers() const override;
  [[nodiscard]] std::size_t prompts() const override { return place_.size(); }
  [[nodiscard]] std::string prompt(std::size_t index) const override;
  /// Errors: out_of_range for a prompt or a worker that does not exist.
  Result<std::optional<std::vector<campaign::WorkerReport>>> reports(
      const campaign::Question& question, std::span<const WorkerId> asked,
      std::uint64_t seed) override;
  Result<std::optional<double>> outcome(const campaign::Question& question) override;

  /// The hour that a prompt is about.
  [[nodiscard]] const Hour& hour(std::size_t index) const {
    return series_->hours()[place_[index]];
  }

 private:
  NavigationTask(const TrafficSeries& series, const Drivers& drivers,
                 std::vector<std::size_t> place)
      : series_(&series), drivers_(&drivers), place_(std::move(place)) {}

  const TrafficSeries* series_;
  const Drivers* drivers_;
  std::vector<std::size_t> place_;  // [prompts] in series_->hours()
};

}  // namespace candor::navigation
