#include "tokenizer/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <array>
#include <limits>

namespace candor::tokenizer {
namespace {

constexpr std::string_view white_space =
    R"(\x{9}-\x{d}\x{20}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029})"
    R"(\x{202f}\x{205f}\x{3000})";

Error cannot(std::string_view what) {
  return Error{ErrorCode::unsupported, fmt::format("{} in the pattern", what)}
      .expecting("the syntax that Oniguruma and PCRE2 share")
      .way("write the pattern without it");
}

// Rewrites \s and \S, inside and outside of character classes.
class Translator {
 public:
  explicit Translator(std::string_view expression) : rest_(expression) {}

  Result<std::string> run() {
    while (!rest_.empty()) {
      if (rest_.front() == '\\' && rest_.size() > 1) {
        CANDOR_CHECK(escape(rest_[1]));
      } else {
        CANDOR_CHECK(plain(rest_.front()));
      }
    }
    return std::move(out_);
  }

 private:
  void copy(std::size_t length) {
    out_ += rest_.substr(0, length);
    rest_.remove_prefix(length);
  }

  void replace_escape(const std::string& by) {
    out_ += by;
    rest_.remove_prefix(2);
  }

  Status escape(char letter) {
    if (letter == 'h' || letter == 'H') return cannot(R"(\h)");
    if (letter == 'S' && in_class_) return cannot(R"(\S inside a class)");
    if (letter == 's' && in_class_)
      replace_escape(std::string(white_space));
    else if (letter == 's' || letter == 'S')
      replace_escape(fmt::format("[{}{}]", letter == 'S' ? "^" : "", white_space));
    else
      copy(2);
    return {};
  }

  Status plain(char c) {
    if (in_class_ && rest_.starts_with("&&")) return cannot("&&");
    if (in_class_ && c == '[' && !rest_.starts_with("[:")) return cannot("a class inside a class");
    if (!in_class_ && c == '[')
      in_class_ = true;
    else if (c == ']')
      in_class_ = false;
    copy(1);
    return {};
  }

  std::string_view rest_;
  std::string out_;
  bool in_class_ = false;
};

std::string message_of(int code) {
  std::array<PCRE2_UCHAR, 256> buffer{};
  pcre2_get_error_message(code, buffer.data(), buffer.size());
  return reinterpret_cast<const char*>(buffer.data());
}

PCRE2_SPTR units(std::string_view text) {
  return reinterpret_cast<PCRE2_SPTR>(text.data());
}

}  // namespace

struct Pattern::Code {
  pcre2_code* code = nullptr;

  explicit Code(pcre2_code* compiled) : code(compiled) {}
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;
  ~Code() { pcre2_code_free(code); }
};

struct Pattern::Matcher::Work {
  std::shared_ptr<const Code> code;
  pcre2_match_data* data;
  pcre2_match_context* context;

  explicit Work(std::shared_ptr<const Code> pattern)
      : code(std::move(pattern)),
        data(pcre2_match_data_create_from_pattern(code->code, nullptr)),
        context(pcre2_match_context_create(nullptr)) {}
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  ~Work() {
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
  }

  // The next match at or after `from`; false where there is none.
  [[nodiscard]] bool find(std::string_view subject, std::size_t from) const {
    return pcre2_match(code->code, units(subject), subject.size(), from, PCRE2_NO_UTF_CHECK, data,
                       context) > 0;
  }
};

Result<Pattern> Pattern::compile(const std::string& expression) {
  CANDOR_TRY(const std::string translated, Translator(expression).run());
  return compile_raw(translated);
}

Result<Pattern> Pattern::compile_raw(const std::string& expression) {
  int code = 0;
  std::size_t place = 0;
  pcre2_code* compiled =
      pcre2_compile(units(expression), expression.size(),
                    PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &code, &place, nullptr);
  if (compiled == nullptr)
    return Error{ErrorCode::malformed, expression}.expecting(
        fmt::format("a regular expression (at byte {}: {})", place, message_of(code)));
  pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE);  // where it cannot, matching is slower
  return Pattern(std::make_shared<const Code>(compiled));
}

Result<Pattern> Pattern::literal(std::string_view text) {
  std::string expression;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    expression += byte < 0x80 ? fmt::format("\\x{{{:x}}}", byte) : std::string(1, c);
  }
  return compile_raw(expression);
}

Pattern::Matcher::Matcher(const Pattern& pattern) : work_(std::make_shared<Work>(pattern.code_)) {}

void Pattern::Matcher::cut(std::string_view subject, std::vector<Stretch>& out) {
  const std::size_t steps = 10'000'000 + 16 * subject.size();
  pcre2_set_match_limit(work_->context, static_cast<std::uint32_t>(std::min<std::size_t>(
                                            steps, std::numeric_limits<std::uint32_t>::max())));
  std::size_t done = 0;
  const auto put = [&](std::size_t end, bool matched) {
    if (end > done) out.push_back({subject.substr(done, end - done), matched});
    done = end;
  };
  std::size_t from = 0;
  while (from < subject.size() && work_->find(subject, from)) {
    const std::size_t* bounds = pcre2_get_ovector_pointer(work_->data);
    if (bounds[1] > bounds[0] && bounds[0] >= done) {
      put(bounds[0], false);
      put(bounds[1], true);
      from = bounds[1];
    } else {  // an empty match: look from the next character
      from = std::max(from, bounds[1]) + 1;
      while (from < subject.size() && (static_cast<unsigned char>(subject[from]) & 0xC0U) == 0x80U)
        ++from;
    }
  }
  put(subject.size(), false);
}

}  // namespace candor::tokenizer
