// candor/align/preference_file.h
// Preference data as JSON lines: read, checked and written. One object a line, blank lines skipped:
//
//   {"prompt":"…","chosen":"…","rejected":"…","p_chosen":0.75,"weight":0.5,"margin":1.1,
//    "slot_id":"t0"}
//
//   prompt, chosen, rejected  texts, required; chosen and rejected not empty
//   p_chosen                  probability that chosen is the better, in [0,1]; 1 where absent
//   weight                    >= 0; 1 where absent
//   margin                    a number; 0 where absent
//   slot_id                   a text; empty where absent
// Other members are ignored, null counts as absent. `candor replay --out` writes such files
// (dataset/preferences.h), and so do collections with hard labels: prompt, chosen, rejected alone.
//
//   CANDOR_TRY(auto records, read_preferences("out/preferences.jsonl"));
//   const MakeSequence make = [&](std::string_view prompt, std::string_view answer) {
//     return tokenised(prompt, answer);     // the model's tokenizer and chat template
//   };
//   CANDOR_TRY(auto pairs, pairs_of(records, make));
//   // pairs[i].a is the chosen answer, pairs[i].label its p_chosen
//
// Errors name the file, the line and the field: not_found, io; malformed for a line that is no JSON
// object (this includes bytes that are not UTF-8), a member twice, a text where a number is
// expected; out_of_range for a number outside its range; unsupported for a prompt or answer that is
// a list of messages (apply the chat template first); invalid_argument for a file without any pair.
// Thread safety: pure functions. Cost: about 1 microsecond a 100 bytes; all records are in memory.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candor/align/preference_pair.h"
#include "candor/base/result.h"

namespace candor::align {

struct PreferenceRecord {
  std::string prompt = {};
  std::string chosen = {};
  std::string rejected = {};
  double p_chosen = 1.0;
  double weight = 1.0;
  double margin = 0.0;
  std::string slot = {};   ///< slot_id
  std::uint64_t line = 0;  ///< of the file, from 1; 0: from elsewhere

  bool operator==(const PreferenceRecord&) const = default;
};

[[nodiscard]] Result<std::vector<PreferenceRecord>> read_preferences(const std::string& path);
/// The same over bytes in memory; file: for messages.
[[nodiscard]] Result<std::vector<PreferenceRecord>> parse_preferences(std::string_view bytes,
                                                                      const std::string& file);

/// One record as a line, its newline included. Errors: malformed for a text that is not UTF-8.
[[nodiscard]] Result<std::string> line_of(const PreferenceRecord& record);

/// All members of every record, in the order shown above, so that reading gives the same records
/// (but for line). The file is whole or absent. Errors: io; malformed for a text that is not UTF-8.
Status write_preferences(const std::string& path, std::span<const PreferenceRecord> records);

/// A prompt and an answer to it in tokens.
using MakeSequence =
    std::function<Result<policy::Sequence>(std::string_view prompt, std::string_view answer)>;

/// a = chosen, b = rejected, label = p_chosen. Errors: the callback's.
[[nodiscard]] Result<std::vector<PreferencePair>> pairs_of(
    std::span<const PreferenceRecord> records, const MakeSequence& make_sequence);

}  // namespace candor::align
