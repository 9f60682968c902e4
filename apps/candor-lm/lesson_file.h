// Texts into what a trainer takes: tokens, cut to the context.
#pragma once

#include <string>
#include <vector>

#include "candor/align/preference_pair.h"
#include "candor/align/supervised_lesson.h"
#include "context_fit.h"
#include "text_codec.h"
#include "text_examples.h"

namespace candor::app {

/// How texts met the context; the same for all files of a run.
struct EncodingReport {
  ContextFit fit;
  std::size_t split_texts = 0;  ///< {"text"} lines longer than the context
  std::size_t pieces = 0;       ///< that they became
  [[nodiscard]] std::vector<std::string> notes() const;
};

/// a is the chosen answer. Both answers keep the same prompt. file: for messages.
/// Errors: out_of_range at the line for an answer that does not fit the context by itself; what the
/// codec says, at the line.
Result<std::vector<align::PreferencePair>> encode_pairs(const std::vector<TextPair>& pairs,
                                                        const TextCodec& codec,
                                                        const std::string& file,
                                                        EncodingReport& report);

/// The same for texts to imitate. A {"text"} longer than the context becomes several examples, each
/// as long as the context, its first token the begin token (or the last of the piece before).
Result<std::vector<align::SupervisedExample>> encode_examples(
    const std::vector<TextExample>& examples, const TextCodec& codec, const std::string& file,
    EncodingReport& report);

}  // namespace candor::app
