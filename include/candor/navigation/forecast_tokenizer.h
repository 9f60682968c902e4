// candor/navigation/forecast_tokenizer.h
// A vocabulary in which every word of forecasts is one token, as a tokenizer.json of the usual
// byte-level BPE kind, so that the trained model is an ordinary model folder.
//
// Vocabulary: the 256 bytes, then one token for each prefix of each word of forecast_words()
// (merges build a word from its first letter on: " h", " he", .., " heavy"; those of words with a
// space before them rank first, so that no other merge can cut into them), " 0" .. " 9", and the
// end token. Bytes make it lossless: any other text is encoded too, letter by letter.
//   "fri 17h oct rain mild:"                 8 tokens: fri, " 1", 7, h, " oct", " rain", " mild", :
//   " heavy, about 5,400 vehicles, long delays"     12 tokens, and the end
#pragma once

#include <string>
#include <string_view>

#include "candor/base/result.h"

namespace candor::navigation {

/// The text of the end token.
inline constexpr std::string_view end_of_forecast = "<|end|>";

/// The contents of tokenizer.json. Always the same text.
[[nodiscard]] std::string forecast_tokenizer_json();

/// Writes tokenizer.json and tokenizer_config.json (which names the end token) into the folder,
/// which is made where it is missing; tokenizer::load_tokenizer(folder) reads them. Errors: io.
Status write_forecast_tokenizer(const std::string& folder);

}  // namespace candor::navigation
