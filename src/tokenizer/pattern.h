// A regular expression of a pre-tokeniser, compiled by PCRE2.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "candor/base/result.h"

namespace candor::tokenizer {

/// A stretch of a subject, and whether the pattern matched it.
struct Stretch {
  std::string_view text;
  bool matched = false;
};

/// Vocabularies were made with another engine, Oniguruma, whose syntax is read: \s is Unicode's
/// White_Space (PCRE2's own also has U+180E); what would mean something else in PCRE2 without an
/// error (&& inside a class, \h) is refused.
/// Thread safety: copies share the compiled form; cut may run in several threads.
class Pattern {
 public:
  /// Errors: malformed, with PCRE2's message; unsupported.
  static Result<Pattern> compile(const std::string& expression);
  /// The pattern that finds exactly this text, not empty.
  static Result<Pattern> literal(std::string_view text);

  /// Cuts a subject (UTF-8) into its matches and what is between them, in order, none empty.
  /// Finds at most about 10^7 backtracking steps a match; where one needs more, the rest of the
  /// subject is one unmatched stretch (no published pattern comes near it).
  class Matcher {
   public:
    explicit Matcher(const Pattern& pattern);
    void cut(std::string_view subject, std::vector<Stretch>& out);

   private:
    struct Work;
    std::shared_ptr<Work> work_;
  };

 private:
  struct Code;
  explicit Pattern(std::shared_ptr<const Code> code) : code_(std::move(code)) {}
  static Result<Pattern> compile_raw(const std::string& expression);
  std::shared_ptr<const Code> code_;
};

}  // namespace candor::tokenizer
