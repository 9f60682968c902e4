// The files of `--out`: written as slots are pooled, in place only when the replay has succeeded.
#pragma once

#include <optional>
#include <string>

#include "candor/dataset/preferences.h"
#include "candor/dataset/survey.h"
#include "candor/dataset/tasks.h"
#include "candor/evaluation/replay.h"

namespace candor::evaluation {

class ReplayFiles {
 public:
  /// Opens pooled.jsonl and, with texts, preferences.jsonl in the folder (made if need be).
  static Result<ReplayFiles> create(const std::string& folder, const dataset::Survey& survey,
                                    const std::string& tasks_path);

  /// One slot: `slot` is its number in the survey, outcome empty if unknown.
  Status add(SlotId slot, const mechanism::PooledSlot& pooled, std::span<const double> outcome);

  /// Writes weights.csv and regret.csv and puts all files in place.
  Status commit(const ReplayResult& result);
  [[nodiscard]] std::uint64_t pairs_without_text() const { return without_text_; }

 private:
  ReplayFiles(std::string folder, const dataset::Survey& survey, OutputFile pooled)
      : folder_(std::move(folder)), survey_(&survey), pooled_(std::move(pooled)) {}
  Status add_preference(SlotId slot, std::span<const double> label);

  std::string folder_;
  const dataset::Survey* survey_;
  OutputFile pooled_;
  std::optional<dataset::TaskTexts> texts_;
  std::optional<dataset::PreferenceWriter> preferences_;
  std::uint64_t without_text_ = 0;
  std::string line_;
};

}  // namespace candor::evaluation
