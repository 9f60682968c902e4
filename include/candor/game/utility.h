// candor/game/utility.h
// What a worker wants. Whether an honest report is its best report depends on this, so it is always
// stated. For worker i over slots t = 1..T, with weights w before and after each slot:
//
//   next-weight    E[w_{i,t+1}] in each slot: myopic, looks at one slot at a time            (U1)
//   total-weight   E[sum_{t=2..T+1} w_{i,t}]: looks ahead                                    (U2)
//   final-weight   E[w_{i,T+1}]: looks ahead                                                 (U2)
//   pay            E[what it is paid], as parts of the slot's budget                         (U3)
//   sway           -E[(label_t - b_{i,t})^2]: wants the label near its own belief            (U4)
//
// or a mixture of these. With T = 1 the three weight utilities are the same.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "candor/base/result.h"

namespace candor::game {

enum class Motive : std::uint8_t { next_weight, total_weight, final_weight, pay, sway };

inline constexpr std::array<Motive, 5> all_motives{Motive::next_weight, Motive::total_weight,
                                                   Motive::final_weight, Motive::pay, Motive::sway};

/// "next-weight", "total-weight", "final-weight", "pay", "sway".
[[nodiscard]] std::string_view name_of(Motive motive);

/// The inverse of name_of. Errors: invalid_argument, listing the names.
[[nodiscard]] Result<Motive> parse_motive(std::string_view text);

/// A mixture: sum over motives of part * motive. Parts are >= 0, at least one is positive.
struct Utility {
  std::array<double, all_motives.size()> part{};  ///< by Motive

  [[nodiscard]] double of(Motive motive) const { return part[static_cast<std::size_t>(motive)]; }
  [[nodiscard]] static Utility pure(Motive motive);

  /// "pay", or a mixture "pay:1,sway:0.5". Errors: invalid_argument, naming what was wrong.
  [[nodiscard]] static Result<Utility> parse(std::string_view text);
};

}  // namespace candor::game
