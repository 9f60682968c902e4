// The examples of a run, read before any model is loaded, so that what is wrong with them is told
// at once.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lesson_file.h"
#include "train_options.h"

namespace candor::app {

/// A file in the form that the objective takes; one of the two lists is empty.
struct TrainFile {
  std::vector<TextPair> pairs;
  std::vector<TextExample> examples;
  [[nodiscard]] std::vector<std::string> texts() const;
};
Result<TrainFile> read_train_file(const std::string& path, Training training);

/// The same in tokens.
struct TrainTokens {
  std::vector<align::PreferencePair> pairs;
  std::vector<align::SupervisedExample> examples;

  [[nodiscard]] std::size_t size() const { return pairs.size() + examples.size(); }
  [[nodiscard]] std::uint64_t tokens() const;
  /// Examples whose sequences, each as long as the longest, make about 8192 tokens; >= 1.
  [[nodiscard]] std::size_t piece() const;
};
Result<TrainTokens> encode_train_file(const TrainFile& texts, const TextCodec& codec,
                                      const std::string& path, EncodingReport& report);

/// objective: of pairs; must outlive the lesson. Takes the tokens.
Result<std::unique_ptr<align::Lesson>> make_lesson(TrainTokens tokens,
                                                   const align::Objective* objective);

}  // namespace candor::app
