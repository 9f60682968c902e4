#include "generate_answers.h"

#include <fmt/format.h>

#include <algorithm>

#include "candor/base/progress.h"
#include "candor/lm/reward_model.h"
#include "context_fit.h"
#include "stop_text.h"

namespace candor::app {
namespace {

using policy::Sequence;
using Tokens = std::vector<policy::Token>;

Error of_prompt(Error error, std::size_t prompt) {
  if (error.field.empty() || error.field == "prompt")
    error.field = fmt::format("prompt {}", prompt + 1);
  return error;
}

Result<std::unique_ptr<policy::Policy>> load(const GenerateRequest& request) {
  const lm::ModelOptions how = request.machine.model_options();
  if (request.adapter.empty()) return lm::load_policy(request.model, how);
  return lm::load_policy_with_adapter(request.model, request.adapter, how);
}

Result<TextCodec> codec_of(const std::string& model, const std::string& tokenizer,
                           const std::string& chat_template,
                           checkpoint::ModelConfig* config_out = nullptr) {
  CANDOR_TRY(const checkpoint::ModelConfig config, read_model_config(model));
  CANDOR_TRY(auto words, read_tokenizer(model, tokenizer));
  if (config_out != nullptr) *config_out = config;
  return TextCodec::create(std::move(words), config, chat_template);
}

// Every prompt `answers` times, cut so that max_tokens fit after it.
Result<std::vector<Tokens>> encode(const std::vector<Prompt>& prompts, const TextCodec& codec,
                                   std::size_t context, const GenerateRequest& request) {
  ContextFit fit(context);
  if (!fit.answer_fits(request.options.max_tokens))
    return Error{ErrorCode::out_of_range, std::to_string(request.options.max_tokens)}
        .in_field("--max-tokens")
        .expecting(fmt::format("fewer than the model's context of {}", context));
  std::vector<Tokens> encoded;
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    auto tokens = codec.prompt(prompts[i]);
    if (!tokens) return of_prompt(std::move(tokens).error(), i);
    fit.cut(*tokens, request.options.max_tokens, codec.tokenizer().begin());
    encoded.insert(encoded.end(), request.answers, *tokens);
  }
  note(fit.note());
  return encoded;
}

bool is_end(const TextCodec& codec, policy::Token token) {
  return std::find(codec.ends().begin(), codec.ends().end(), token) != codec.ends().end();
}

Result<Answer> read_answer(const Sequence& sequence, const TextCodec& codec,
                           const std::vector<std::string>& stop) {
  Answer answer;
  std::span<const policy::Token> written = sequence.answer();
  answer.tokens = written.size();
  if (!written.empty() && is_end(codec, written.back())) {
    answer.finish = Finish::end;
    written = written.first(written.size() - 1);
  }
  CANDOR_TRY(answer.text, codec.decode(written));
  if (cut_at_stop(answer.text, stop)) answer.finish = Finish::stop;
  return answer;
}

// The reward model reads texts with its own tokenizer, in the form it was trained on.
Status add_rewards(const GenerateRequest& request, const std::vector<Prompt>& prompts,
                   std::vector<Answer>& answers) {
  checkpoint::ModelConfig config;
  CANDOR_TRY(const TextCodec codec,
             codec_of(request.reward_model, "", request.chat_template, &config));
  CANDOR_TRY(const auto model,
             lm::load_reward_model(request.reward_model, request.machine.model_options()));
  ContextFit fit(config.context);
  std::vector<Sequence> sequences;
  for (const Answer& answer : answers) {
    const Prompt& prompt = prompts[answer.prompt];
    CANDOR_TRY(Tokens tokens, codec.prompt(prompt));
    CANDOR_TRY(const Tokens said, codec.answer(prompt, answer.text));
    if (!fit.answer_fits(said.size()))
      return Error{ErrorCode::out_of_range, fmt::format("an answer of {} tokens", said.size())}
          .in_field("--reward-model")
          .expecting(fmt::format("fewer than its context of {}", config.context))
          .way("lower --max-tokens");
    fit.cut(tokens, said.size(), codec.tokenizer().begin());
    Sequence& sequence = sequences.emplace_back(Sequence{tokens, tokens.size()});
    sequence.tokens.insert(sequence.tokens.end(), said.begin(), said.end());
  }
  CANDOR_TRY(const std::vector<double> rewards, model->scores(sequences));
  for (std::size_t i = 0; i < answers.size(); ++i) answers[i].reward = rewards[i];
  return {};
}

// Of each prompt's answers the one with the highest reward; the first of equals.
std::vector<Answer> best_of_each(const std::vector<Answer>& answers, std::size_t group) {
  std::vector<Answer> best;
  for (std::size_t from = 0; from < answers.size(); from += group) {
    const auto first = answers.begin() + static_cast<std::ptrdiff_t>(from);
    best.push_back(
        *std::max_element(first, first + static_cast<std::ptrdiff_t>(group),
                          [](const Answer& a, const Answer& b) { return *a.reward < *b.reward; }));
  }
  return best;
}

policy::GenerateOptions with_stops(const GenerateRequest& request, const TextCodec& codec) {
  policy::GenerateOptions options = request.options;
  options.stop = codec.ends();
  const Tokens more = stop_tokens(codec.tokenizer(), request.stop);
  options.stop.insert(options.stop.end(), more.begin(), more.end());
  return options;
}

Result<std::vector<Answer>> generate(const GenerateRequest& request,
                                     const std::vector<Prompt>& prompts) {
  CANDOR_TRY(const TextCodec codec,
             codec_of(request.model, request.tokenizer, request.chat_template));
  CANDOR_CHECK(note_machine(request.machine));
  CANDOR_TRY(const auto policy, load(request));
  CANDOR_TRY(const auto tokens, encode(prompts, codec, policy->context(), request));
  CANDOR_TRY(const auto sequences,
             policy->generate(tokens, with_stops(request, codec), request.seed));
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    CANDOR_TRY(Answer answer, read_answer(sequences[i], codec, request.stop));
    answer.prompt = i / request.answers;
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace

std::string_view name_of(Finish finish) {
  switch (finish) {
    case Finish::end:
      return "end";
    case Finish::stop:
      return "stop";
    case Finish::length:
      break;
  }
  return "length";
}

Result<std::vector<Answer>> write_answers(const GenerateRequest& request,
                                          const std::vector<Prompt>& prompts) {
  CANDOR_TRY(std::vector<Answer> answers, generate(request, prompts));
  if (request.reward_model.empty()) return answers;
  CANDOR_CHECK(add_rewards(request, prompts, answers));
  return request.best_of > 0 ? best_of_each(answers, request.best_of) : answers;
}

}  // namespace candor::app
