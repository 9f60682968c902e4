// candor/pooling/extremised_pool.h
// The linear pool, sharpened or softened by a slope learned from outcomes: label ~ linear^a. Independent
// workers know more together than each alone, and their linear pool is then too timid (a > 1); workers
// who overstate need a < 1. The slope comes from an aggregating mixer over a fixed grid, so the label is
// never more than ln(grid)/2 behind the best slope of the grid, in total.
// Sources: Baron, Mellers, Tetlock, Stone, Ungar 2014; Satopaa et al. 2014 (logit scaling); the online
// slope is derived.
#pragma once

#include <array>

#include "candor/pooling/aggregating_mixer.h"
#include "candor/pooling/label_pool.h"

namespace candor::pooling {

class ExtremisedPool final : public LabelPool {
 public:
  /// Ratio of neighbours sqrt(2); 1 leaves the linear pool as it is.
  static constexpr std::array<double, 10> slopes{.5,  .7071067811865476,  1.0, 1.4142135623730951,
                                                 2.0, 2.8284271247461903, 4.0, 5.656854249492381,
                                                 8.0, 11.313708498984761};

  [[nodiscard]] std::vector<std::string> names() const override { return {"extremised"}; }
  void pool(const SlotView& slot, std::span<double> label) override;
  void learn(const SlotView& slot, std::span<const double> label,
             std::span<const double> outcome) override;

 private:
  void predict(const SlotView& slot);

  AggregatingMixer mixer_{slopes.size()};
  std::vector<double> linear_;      // [K]
  std::vector<double> prediction_;  // [slopes, K]
};

}  // namespace candor::pooling
