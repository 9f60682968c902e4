// candor/dataset/read_options.h
// What a table of reports is taken to be, and in which order its slots settle.
//
//   ReadOptions options;                                   // recognise the kind, file order
//   CANDOR_TRY(options.order, parse_order("shuffle:7"));
//   CANDOR_TRY(options.kind, parse_kind("labels"));
//
// Thread safety: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "candor/base/result.h"

namespace candor::dataset {

/// What a row of the table says.
enum class Kind : std::uint8_t {
  forecasts,  ///< a probability that an event happens; answers "yes", "no"
  pairwise,   ///< which of two items is better, or a tie; answers "a", "b" (and "tie")
  labels,     ///< one of K labels; the answers are the labels that occur
};

/// Pairwise only: what a tie is.
enum class Ties : std::uint8_t {
  split,   ///< half a report for each item: (1/2, 1/2)
  answer,  ///< a third answer, named "tie"
};

/// The order in which slots settle.
struct Order {
  enum class Mode : std::uint8_t {
    file,     ///< by the row of the slot's last report
    time,     ///< the same after sorting the rows by their `time`, equal times in file order
    shuffle,  ///< the file order of the slots, shuffled with `seed`
  };
  Mode mode = Mode::file;
  std::uint64_t seed = 0;

  friend bool operator==(const Order&, const Order&) = default;
};

/// How to read. The defaults suit a table that says itself what it is.
struct ReadOptions {
  std::optional<Kind> kind = {};  ///< nothing: recognised from the column names
  std::string truth_column = {};  ///< name of the outcome column; empty: outcome, truth or gold
  Ties ties = Ties::split;
  Order order = {};
};

/// "forecasts", "pairwise", "labels"; "split", "answer"; "file", "time", "shuffle:SEED".
[[nodiscard]] std::string_view name_of(Kind kind);
[[nodiscard]] std::string_view name_of(Ties ties);
[[nodiscard]] std::string text_of(const Order& order);

/// The reverse. SEED is a whole number in [0, 2^64). Errors: invalid_argument, naming the option
/// (--kind, --ties, --order) and its values.
[[nodiscard]] Result<Kind> parse_kind(std::string_view text);
[[nodiscard]] Result<Ties> parse_ties(std::string_view text);
[[nodiscard]] Result<Order> parse_order(std::string_view text);

}  // namespace candor::dataset
