// Ways of reporting that a worker can keep to for a whole campaign: functions of its belief alone.
#pragma once

#include <array>
#include <string_view>

namespace candor::game {

struct Distortion {
  std::string_view name;
  double (*report)(double belief);
};

/// In the order in which ties are broken: truthful first.
[[nodiscard]] const std::array<Distortion, 9>& distortions();

/// By name: an index into distortions().
inline constexpr std::size_t truthful_distortion = 0;
inline constexpr std::size_t lying_distortion = 4;

}  // namespace candor::game
