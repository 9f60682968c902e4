#include "lm/generate.h"

#include <algorithm>
#include <string>

#include "candor/base/parallel.h"
#include "candor/base/random.h"
#include "lm/micro_batches.h"
#include "lm/sampling.h"

namespace candor::lm {

namespace {

using policy::GenerateOptions;
using policy::Sequence;
using policy::Token;

// Below this, starting threads costs more than choosing tokens.
constexpr std::size_t logits_worth_threads = 200'000;

// One answer being written.
struct Row {
  std::size_t index = 0;  // of the prompt, and of its random stream
  std::size_t first = 0;  // column where the prompt begins
  Sequence text;
  RandomStream random;
  std::size_t longest = 0;  // tokens in all, at most
  bool done = false;

  [[nodiscard]] Token newest() const { return done ? Token{0} : text.tokens.back(); }
};

Status check_prompts(const LogitModel& model, std::span<const std::vector<Token>> prompts) {
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    if (prompts[i].empty() || prompts[i].size() >= model.context())
      return Error{ErrorCode::out_of_range, std::to_string(prompts[i].size()) + " tokens"}
          .in_field("prompt " + std::to_string(i))
          .expecting("from 1 token to one less than the context of " +
                     std::to_string(model.context()) + ", so that there is room for an answer")
          .way("shorten the prompt");
    CANDOR_CHECK(check_tokens(prompts[i], i, model.vocabulary(), model.context(), "prompt"));
  }
  return {};
}

class Batch {
 public:
  Batch(LogitModel& model, const GenerateOptions& options) : model_(model), options_(options) {}

  void add(const std::vector<Token>& prompt, std::size_t index, std::uint64_t seed) {
    const std::size_t room = model_.context() - prompt.size();
    rows_.push_back({.index = index,
                     .first = 0,
                     .text = {.tokens = prompt, .prompt_length = prompt.size()},
                     .random = RandomStream(seed, index),
                     .longest = prompt.size() + std::min(room, options_.max_tokens)});
  }

  // Writes every answer to out[index].
  Status run(std::span<Sequence> out) {
    CANDOR_TRY(decoder_, model_.decoder());
    std::vector<Token> input = padded_prompts();
    while (true) {
      columns_ += input.size() / rows_.size();
      CANDOR_TRY(const std::vector<float> logits,
                 decoder_->next(input, input.size() / rows_.size(), first_columns()));
      CANDOR_CHECK(write_one_token(logits));
      if (running() == 0) break;
      CANDOR_CHECK(drop_done(out));
      input = newest_tokens();
    }
    for (Row& row : rows_) out[row.index] = std::move(row.text);
    return {};
  }

 private:
  [[nodiscard]] std::size_t running() const {
    return static_cast<std::size_t>(
        std::count_if(rows_.begin(), rows_.end(), [](const Row& row) { return !row.done; }));
  }

  std::vector<Token> padded_prompts() {
    std::size_t columns = 0;
    for (const Row& row : rows_) columns = std::max(columns, row.text.tokens.size());
    std::vector<Token> tokens(rows_.size() * columns, 0);
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      rows_[r].first = columns - rows_[r].text.tokens.size();
      std::copy(rows_[r].text.tokens.begin(), rows_[r].text.tokens.end(),
                tokens.begin() + static_cast<std::ptrdiff_t>(r * columns + rows_[r].first));
    }
    return tokens;
  }

  [[nodiscard]] std::vector<std::size_t> first_columns() const {
    std::vector<std::size_t> first;
    for (const Row& row : rows_) first.push_back(row.first);
    return first;
  }

  [[nodiscard]] std::vector<Token> newest_tokens() const {
    std::vector<Token> tokens;
    for (const Row& row : rows_) tokens.push_back(row.newest());
    return tokens;
  }

  Status extend(Row& row, std::span<const float> logits) const {
    if (row.done) return {};
    const double uniform = options_.temperature > 0.0 ? row.random.uniform() : 0.0;
    CANDOR_TRY(const Token token, choose_token(logits, options_, uniform));
    row.text.tokens.push_back(token);
    row.done = row.text.tokens.size() == row.longest ||
               std::find(options_.stop.begin(), options_.stop.end(), token) != options_.stop.end();
    return {};
  }

  Status write_one_token(std::span<const float> logits) {
    const std::size_t vocabulary = model_.vocabulary();
    std::vector<Status> status(rows_.size());
    for_each_block(rows_.size(), logits.size() >= logits_worth_threads ? 0 : 1, [&](std::size_t r) {
      status[r] = extend(rows_[r], logits.subspan(r * vocabulary, vocabulary));
    });
    for (const Status& one : status) CANDOR_CHECK(one);
    return {};
  }

  // Whether one more token of a row that is done would lie beyond the context, where the network
  // has no position for it.
  [[nodiscard]] bool any_done_row_is_full() const {
    return std::any_of(rows_.begin(), rows_.end(), [this](const Row& row) {
      return row.done && columns_ - row.first >= model_.context();
    });
  }

  // Dropping a row copies what is remembered of the others, so it waits for a quarter of them,
  // unless a row has no room to wait in.
  Status drop_done(std::span<Sequence> out) {
    if (4 * (rows_.size() - running()) < rows_.size() && !any_done_row_is_full()) return {};
    std::vector<std::size_t> kept;
    std::vector<Row> left;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      if (rows_[r].done) {
        out[rows_[r].index] = std::move(rows_[r].text);
      } else {
        kept.push_back(r);
        left.push_back(std::move(rows_[r]));
      }
    }
    rows_ = std::move(left);
    return decoder_->keep(kept);
  }

  LogitModel& model_;
  const GenerateOptions& options_;
  std::unique_ptr<Decoder> decoder_;
  std::vector<Row> rows_;
  std::size_t columns_ = 0;  // that the network has seen
};

}  // namespace

Result<std::vector<Sequence>> generate(LogitModel& model,
                                       std::span<const std::vector<Token>> prompts,
                                       const GenerateOptions& options, std::uint64_t seed) {
  CANDOR_CHECK(check_options(options));
  CANDOR_CHECK(check_prompts(model, prompts));
  std::vector<std::size_t> length;
  for (const std::vector<Token>& prompt : prompts)
    length.push_back(prompt.size() + std::min(options.max_tokens, model.context()));
  std::vector<Sequence> answers(prompts.size());
  for (const std::vector<std::size_t>& rows : micro_batches(length, model.tokens_at_once())) {
    Batch batch(model, options);
    for (const std::size_t row : rows) batch.add(prompts[row], row, seed);
    CANDOR_CHECK(batch.run(answers));
  }
  return answers;
}

}  // namespace candor::lm
