#include "game/distortion.h"

#include <cmath>

namespace candor::game {
namespace {

double all_in(double belief) {
  if (belief == 0.5) return 0.5;
  return belief > 0.5 ? 1.0 : 0.0;
}

// Log-odds doubled and halved, without logarithms: odds squared, and their root.
double doubled(double belief) {
  const double against = (1.0 - belief) * (1.0 - belief);
  return belief * belief / (belief * belief + against);
}

double halved(double belief) {
  const double root = std::sqrt(belief);
  return root / (root + std::sqrt(1.0 - belief));
}

}  // namespace

const std::array<Distortion, 9>& distortions() {
  static constexpr std::array<Distortion, 9> table{{
      {"truthful", [](double belief) { return belief; }},
      {"hedging", halved},
      {"exaggerating", doubled},
      {"all-in", all_in},
      {"lying", [](double belief) { return 1.0 - all_in(belief); }},
      {"flipped", [](double belief) { return 1.0 - belief; }},
      {"even", [](double) { return 0.5; }},
      {"always-a", [](double) { return 1.0; }},
      {"always-b", [](double) { return 0.0; }},
  }};
  return table;
}

}  // namespace candor::game
