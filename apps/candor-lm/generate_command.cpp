#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "generate_answers.h"
#include "json_lines.h"
#include "verbs.h"

namespace candor::app {
namespace {

struct GenerateCommand {
  GenerateRequest request;
  std::vector<std::string> prompts;
  std::string prompts_file;
  bool chat = false;
  bool json = false;

  Status run();
  void add_to(CLI::App& verb);

 private:
  void add_model_options(CLI::App& verb);
  void add_sampling_options(CLI::App& verb);
  Status check() const;
  [[nodiscard]] Result<std::vector<Prompt>> read_prompts() const;
  void print(const std::vector<Prompt>& asked, const std::vector<Answer>& answers) const;
};

void GenerateCommand::add_model_options(CLI::App& verb) {
  verb.add_option("--model", request.model, "Hugging Face folder, .gguf or llama2.c .bin file")
      ->required();
  verb.add_option("--adapter", request.adapter, "PEFT folder with an adapter for it");
  verb.add_option("--tokenizer", request.tokenizer, "Folder or file; default: the model's own");
  verb.add_option("--chat-template", request.chat_template,
                  "chatml, llama2, llama3, zephyr or plain; default: the tokenizer's own");
  verb.add_option("--prompt", prompts, "A text to answer; may be given several times")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb.add_option("--prompts", prompts_file,
                  R"(JSON lines, plain, .gz or .zst: {"prompt": a text or a list of messages})");
  verb.add_flag("--chat", chat, "Prompts that are texts are what a user says in a conversation");
  verb.add_flag("--json", json, "Print JSON lines instead of texts");
}

void GenerateCommand::add_sampling_options(CLI::App& verb) {
  const std::string group = "Sampling";
  auto& o = request.options;
  verb.add_option("--max-tokens", o.max_tokens, "Longest answer")
      ->check(whole_number_from(1))
      ->capture_default_str()
      ->group(group);
  verb.add_option("--temperature", o.temperature, "0: always the likeliest token")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--top-k", o.top_k, "Only the k likeliest tokens; 0: all")
      ->check(whole_number_from(0))
      ->capture_default_str()
      ->group(group);
  verb.add_option("--top-p", o.top_p, "Only the fewest tokens that hold this much probability")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--stop", request.stop,
                  "Cut answers where this text first occurs; may be given several times")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group(group);
  auto* n = verb.add_option("--n", request.answers, "Answers to each prompt")
                ->check(whole_number_from(1))
                ->capture_default_str()
                ->group(group);
  verb.add_option("--best-of", request.best_of,
                  "Write so many answers, print the one with the highest reward")
      ->check(whole_number_from(1))
      ->excludes(n)
      ->group(group);
  verb.add_option("--reward-model", request.reward_model,
                  "Folder of a reward model (train --objective reward-model); without --best-of, "
                  "--json shows every answer's reward")
      ->group(group);
  verb.add_option("--seed", request.seed, "Of the draws")
      ->check(whole_number_from(0))
      ->capture_default_str()
      ->group(group);
}

void GenerateCommand::add_to(CLI::App& verb) {
  add_model_options(verb);
  add_sampling_options(verb);
  request.machine.add_to(verb);
}

Status GenerateCommand::check() const {
  if (prompts.empty() && prompts_file.empty())
    return Error{ErrorCode::invalid_argument, "nothing to answer"}
        .in_field("--prompt, --prompts")
        .expecting("a text, or a file of them");
  if (request.best_of > 0 && request.reward_model.empty())
    return Error{ErrorCode::invalid_argument, "no measure of what is best"}
        .in_field("--best-of")
        .expecting("--reward-model FOLDER with it");
  for (const std::string& text : request.stop)
    if (text.empty())
      return Error{ErrorCode::invalid_argument, "an empty text"}.in_field("--stop").expecting(
          "at least one character");
  return {};
}

Result<std::vector<Prompt>> GenerateCommand::read_prompts() const {
  std::vector<Prompt> all;
  for (const std::string& text : prompts) all.push_back({text, {}});
  if (!prompts_file.empty())
    CANDOR_CHECK(read_json_lines(
        prompts_file, [&](const nlohmann::json& object, std::uint64_t row) -> Status {
          CANDOR_TRY(Prompt prompt, read_prompt(object, prompts_file, row));
          all.push_back(std::move(prompt));
          return {};
        }));
  if (!chat) return all;
  for (Prompt& prompt : all)
    if (!prompt.is_chat()) prompt.conversation = {{"user", std::move(prompt.text)}};
  return all;
}

// A terminal must not act on what a model writes.
std::string harmless(std::string text) {
  for (char& c : text)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f) c = '?';
  return text;
}

std::string text_of(const Prompt& prompt) {
  return prompt.is_chat() ? prompt.conversation.back().content : prompt.text;
}

nlohmann::ordered_json prompt_json(const Prompt& prompt) {
  if (!prompt.is_chat()) return prompt.text;
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto& message : prompt.conversation)
    list.push_back({{"role", message.role}, {"content", message.content}});
  return list;
}

std::string json_line(const Prompt& prompt, const Answer& answer) {
  nlohmann::ordered_json line = {{"prompt", prompt_json(prompt)},
                                 {"answer", answer.text},
                                 {"tokens", answer.tokens},
                                 {"finish", name_of(answer.finish)}};
  if (answer.reward) line["reward"] = *answer.reward;
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// One answer stands alone; several each follow their prompt.
void GenerateCommand::print(const std::vector<Prompt>& asked,
                            const std::vector<Answer>& answers) const {
  std::string out;
  for (const Answer& answer : answers) {
    const Prompt& prompt = asked[answer.prompt];
    if (json)
      out += json_line(prompt, answer) + '\n';
    else if (answers.size() == 1)
      out += harmless(answer.text) + '\n';
    else
      out += fmt::format("[{}] {}\n{}\n\n", answer.prompt + 1, harmless(text_of(prompt)),
                         harmless(answer.text));
  }
  (void)std::fwrite(out.data(), 1, out.size(), stdout);
}

Status GenerateCommand::run() {
  CANDOR_CHECK(check());
  CANDOR_TRY(const std::vector<Prompt> asked, read_prompts());
  if (request.best_of > 0) request.answers = request.best_of;
  CANDOR_TRY(const std::vector<Answer> answers, write_answers(request, asked));
  print(asked, answers);
  return {};
}

}  // namespace

void add_generate(CLI::App& program, Action& action) {
  CLI::App* verb = program.add_subcommand("generate", "Let a language model answer prompts");
  const auto command = std::make_shared<GenerateCommand>();
  command->add_to(*verb);
  verb->callback([command, &action] { action = [command] { return command->run(); }; });
}

}  // namespace candor::app
