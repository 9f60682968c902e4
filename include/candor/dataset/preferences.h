// candor/dataset/preferences.h
// Pooled labels as preference pairs, JSON lines that trainers read (prompt, chosen, rejected).
//
//   CANDOR_TRY(PreferenceWriter writer, PreferenceWriter::create("out/preferences.jsonl"));
//   CANDOR_CHECK(writer.write("t0", std::array{.375, .125, .5}, text));   // label over a, b, tie
//   CANDOR_CHECK(writer.commit());
//
// writes
//
//   {"prompt":"…","chosen":"…a…","rejected":"…b…","p_chosen":0.75,"weight":0.5,
//    "margin":1.0986122886681098,"slot_id":"t0"}
//
// on one line. With a label (p_a, p_b, p_tie), p_tie = 0 where there are two answers:
//   p_chosen = max(p_a, p_b) / (p_a + p_b): the tie's mass is dropped; 1/2 if p_a = p_b = 0
//   chosen   = the answer with the larger probability; a where they are equal
//   weight   = 1 - p_tie: a pair that is a tie for certain weighs nothing
//   margin   = ln(p_chosen / (1 - p_chosen)) with 1 - p_chosen floored at 1e-12, so 0 <= margin
//   <= 27.63
//
// Texts are written as they are. Errors: malformed (a text that is not UTF-8), out_of_range (a
// label that is no distribution over 2 or 3 answers), io. The file is whole or absent
// (base/file.h). Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "candor/base/file.h"
#include "candor/base/result.h"
#include "candor/dataset/tasks.h"

namespace candor::dataset {

/// What a label over a, b and maybe tie says about a pair.
struct Preference {
  bool chosen_is_a = true;
  double p_chosen = 0.5;  ///< in [1/2, 1]
  double weight = 1.0;    ///< in [0, 1]
  double margin = 0.0;    ///< in [0, 27.64]
};

/// label: 2 or 3 entries in [0,1] that sum to 1 within 1e-9.
[[nodiscard]] Result<Preference> preference_of(std::span<const double> label);

class PreferenceWriter {
 public:
  static Result<PreferenceWriter> create(std::string path);

  /// Appends one pair.
  Status write(std::string_view slot_name, std::span<const double> label, const TaskText& text);
  /// Makes the file appear under its name. Nothing may be written afterwards.
  Status commit() { return file_.commit(); }
  [[nodiscard]] std::uint64_t pairs() const { return pairs_; }

 private:
  explicit PreferenceWriter(OutputFile file) : file_(std::move(file)) {}

  OutputFile file_;
  std::string line_;
  std::uint64_t pairs_ = 0;
};

}  // namespace candor::dataset
