#include "train_options.h"

#include <fmt/format.h>

#include <algorithm>

namespace candor::app {
namespace {

Error no_use(std::string_view option, std::string_view goes_with) {
  return Error{ErrorCode::invalid_argument, "an option that would change nothing"}
      .in_field(option)
      .expecting(goes_with)
      .way("leave it out");
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (std::size_t comma = 0; comma != std::string::npos; from = comma + 1) {
    comma = text.find(',', from);
    parts.push_back(text.substr(from, comma == std::string::npos ? comma : comma - from));
  }
  return parts;
}

Status check_name(const std::string& objective) {
  const auto& names = align::objective_names();
  if (objective == "sft" || std::find(names.begin(), names.end(), objective) != names.end())
    return {};
  return Error{ErrorCode::invalid_argument, objective}
      .in_field("--objective")
      .expecting(fmt::format("sft, or one of {}", fmt::join(names, ", ")));
}

bool is_among(std::string_view name, const std::string& list) {
  const std::vector<std::string> names = split_list(list);
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

void TrainOptions::add_to(CLI::App& verb) {
  add_model_options(verb);
  add_data_options(verb);
  add_training_options(verb);
  add_objective_options(verb);
  add_output_options(verb);
  machine.add_to(verb);
}

void TrainOptions::add_model_options(CLI::App& verb) {
  const std::string group = "Model";
  verb.add_option("--model", model, "Hugging Face folder, .gguf or llama2.c .bin file")
      ->group(group);
  verb.add_option("--new", new_config,
                  "Start from random parameters, in the shape that this config.json says")
      ->group(group);
  verb.add_option("--tokenizer", tokenizer,
                  "Folder or file; default: the model's own; for --new, one made from the data")
      ->group(group);
  verb.add_option("--chat-template", chat_template,
                  "chatml, llama2, llama3, zephyr or plain; default: the tokenizer's own")
      ->group(group);
  verb.add_option("--reference", reference,
                  "Model that the objective compares with; default: the model as it is at first")
      ->group(group);
  verb.add_option("--max-length", max_length,
                  "Tokens of prompt and answer together; default: the model's context")
      ->check(whole_number_from(2))
      ->group(group);
  verb.add_option("--lora", lora, "Train an adapter of this rank, not the model itself")
      ->check(whole_number_from(1, lm::most_rank))
      ->group(group);
  verb.add_option("--lora-alpha", lora_alpha, "The adapter counts alpha / rank; default: 2 rank")
      ->group(group);
  verb.add_option("--lora-targets", lora_targets,
                  "Layers that get one: all-linear, or names such as q_proj,v_proj")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--adapter", adapter, "Train this PEFT adapter further")->group(group);
}

void TrainOptions::add_data_options(CLI::App& verb) {
  const std::string group = "Data";
  verb.add_option("--data", data,
                  "JSON lines, plain, .gz or .zst: prompt, chosen, rejected, p_chosen, weight (as "
                  "replay --out writes); for sft: prompt and completion, text, or messages")
      ->required()
      ->group(group);
  verb.add_option("--eval", eval, "Held-out examples in the same form")->group(group);
  verb.add_option("--eval-every", eval_every, "Steps between evaluations; default: a tenth of all")
      ->check(whole_number_from(1))
      ->group(group);
}

void TrainOptions::add_training_options(CLI::App& verb) {
  const std::string group = "Training";
  verb.add_option("--epochs", epochs, "How often the data are gone through")
      ->check(whole_number_from(1))
      ->capture_default_str()
      ->group(group);
  verb.add_option("--steps", steps, "Train for so many steps, whatever --epochs says")
      ->check(whole_number_from(1))
      ->group(group);
  verb.add_option("--batch", batch, "Examples a step")
      ->check(whole_number_from(1))
      ->capture_default_str()
      ->group(group);
  verb.add_option("--piece", piece,
                  "Examples that are in memory at once; default: what makes 8192 tokens")
      ->check(whole_number_from(1))
      ->group(group);
  verb.add_option("--learning-rate", learning_rate,
                  "At its peak; default: 1e-3 for a new model, 2e-4 for an adapter, else 1e-5")
      ->group(group);
  verb.add_option("--schedule", schedule, "constant, linear or cosine")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--warmup", warmup, "Steps over which the rate rises to its peak")
      ->check(whole_number_from(0))
      ->capture_default_str()
      ->group(group);
  verb.add_option("--final-share", final_share, "Of the peak, at the end of linear and cosine")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--weight-decay", weight_decay, "On matrices")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--max-gradient-norm", max_gradient_norm,
                  "Longer gradients are scaled down to it; 0: never")
      ->capture_default_str()
      ->group(group);
  verb.add_flag("--activation-checkpointing", activation_checkpointing,
                "A fraction of the memory for a third more time")
      ->group(group);
  verb.add_option("--seed", seed, "Of new parameters and of the order of examples")
      ->check(whole_number_from(0))
      ->capture_default_str()
      ->group(group);
}

void TrainOptions::add_objective_options(CLI::App& verb) {
  const std::string group = "Objective";
  verb.add_option("--objective", objective,
                  fmt::format("sft, or one of {}", fmt::join(align::objective_names(), ", ")))
      ->required()
      ->group(group);
  align::ObjectiveOptions& o = objective_options;
  const auto add = [&](const char* name, auto& value, const char* whose, const char* help) {
    CLI::Option* option = verb.add_option(name, value, fmt::format("{}: {}", whose, help));
    objective_option_.emplace_back(option->group(group), whose);
    return option;
  };
  add("--beta", o.beta, "dpo,robust-dpo,hinge,simpo",
      "how far from the reference; default 0.1, simpo 2");
  add("--tau", o.ipo_tau, "ipo", "weight of the reference")->capture_default_str();
  add("--flip-rate", o.flip_rate, "robust-dpo", "share of labels that are wrong")
      ->capture_default_str();
  add("--clip", o.clip, "robust-dpo", "largest log odds that are pushed further")
      ->capture_default_str();
  add("--simpo-margin", o.simpo_margin, "simpo", "by how much to win")->capture_default_str();
  add("--eta", o.eta, "inpo,spo", "inverse step size")->capture_default_str();
  add("--inpo-tau", o.inpo_tau, "inpo", "weight of the reference")->capture_default_str();
  add("--samples", o.samples, "spo", "answers compared with one another")
      ->check(whole_number_from(2))
      ->capture_default_str();
  objective_option_.emplace_back(verb.add_flag("--use-margin", o.use_margin,
                                               "reward-model: rewards differ by the pair's margin")
                                     ->group(group),
                                 "reward-model");
}

void TrainOptions::add_output_options(CLI::App& verb) {
  const std::string group = "Output";
  verb.add_option("--out", out,
                  "Folder for the model (model/, or adapter/), the checkpoint and the metrics")
      ->required()
      ->group(group);
  verb.add_option("--save-every", save_every,
                  "Steps between checkpoints; default: only before the first and after the last")
      ->check(whole_number_from(1))
      ->group(group);
  verb.add_flag("--resume", resume, "Go on from the checkpoint in --out, where there is one")
      ->group(group);
  verb.add_option("--log", log,
                  "Folder for metrics.jsonl and TensorBoard's event file; default: that of --out")
      ->group(group);
  verb.add_flag("--json", json, "Print JSON instead of a table")->group(group);
}

Status TrainOptions::check_model() const {
  if (model.empty() == new_config.empty())
    return Error{ErrorCode::invalid_argument, model.empty() ? "neither" : "both"}
        .in_field("--model, --new")
        .expecting("one of the two");
  if (!new_config.empty() && (lora > 0 || !adapter.empty()))
    return Error{ErrorCode::invalid_argument, "an adapter on random parameters"}
        .in_field("--lora, --adapter")
        .expecting("--model, which it adapts")
        .way("leave it out");
  return {};
}

Status TrainOptions::check_adapter() const {
  if (lora == 0 && (lora_alpha || lora_targets != "all-linear"))
    return no_use("--lora-alpha, --lora-targets", "--lora RANK, whose options they are");
  if (!adapter.empty() && lora > 0)
    return Error{ErrorCode::invalid_argument, "both"}
        .in_field("--lora, --adapter")
        .expecting("a new adapter or one to train further");
  if (!adapter.empty() && training() == Training::rewards)
    return Error{ErrorCode::unsupported, "an adapter for a reward model"}
        .in_field("--adapter")
        .expecting("a language model's objective")
        .way("merge it first (candor export), or use --lora");
  return {};
}

Status TrainOptions::check_objective() const {
  CANDOR_CHECK(check_name(objective));
  if (objective != "sft") CANDOR_CHECK(align::make_objective(objective, objective_options));
  for (const auto& [option, whose] : objective_option_)
    if (option->count() > 0 && !is_among(objective, whose))
      return no_use(option->get_name(), "--objective " + whose);
  if (reference.empty() || objective == "sft") {
    if (!reference.empty()) return no_use("--reference", "an objective that compares with one");
    return {};
  }
  CANDOR_TRY(const auto made, align::make_objective(objective, objective_options));
  if (!made->needs_reference()) return no_use("--reference", "an objective that compares with one");
  return {};
}

Status TrainOptions::check() const {
  CANDOR_CHECK(check_model());
  CANDOR_CHECK(check_objective());
  CANDOR_CHECK(check_adapter());
  if (eval_every > 0 && eval.empty()) return no_use("--eval-every", "--eval FILE");
  if (final_share != 0.0 && schedule == "constant")
    return no_use("--final-share", "--schedule linear or cosine");
  CANDOR_TRY(const align::TrainerOptions how, trainer_options(1));
  return align::check(how);
}

Training TrainOptions::training() const {
  if (objective == "sft") return Training::texts;
  return objective == "reward-model" ? Training::rewards : Training::preferences;
}

std::string TrainOptions::model_name() const {
  return model.empty() ? "a new model" : model;
}

lm::ModelOptions TrainOptions::model_options() const {
  lm::ModelOptions options = machine.model_options();
  options.activation_checkpointing = activation_checkpointing;
  if (lora == 0) return options;
  lm::AdapterOptions& a = options.adapter.emplace();
  a.rank = lora;
  a.alpha = lora_alpha.value_or(2.0 * static_cast<double>(lora));
  if (lora_targets != "all-linear") a.targets = split_list(lora_targets);
  a.seed = seed;
  return options;
}

double TrainOptions::peak_rate() const {
  if (learning_rate) return *learning_rate;
  if (!new_config.empty()) return 1e-3;
  return lora > 0 || !adapter.empty() ? 2e-4 : 1e-5;
}

Result<align::TrainerOptions> TrainOptions::trainer_options(std::size_t piece_size) const {
  align::TrainerOptions options;
  options.batch = batch;
  options.piece = piece > 0 ? piece : piece_size;
  options.epochs = epochs;
  options.steps = steps;
  options.step.learning_rate = peak_rate();
  options.step.weight_decay = weight_decay;
  options.step.max_gradient_norm = max_gradient_norm;
  CANDOR_TRY(options.schedule.kind, align::schedule_kind_of(schedule));
  options.schedule.warmup_steps = warmup;
  options.schedule.final_share = final_share;
  options.seed = seed;
  options.folder = out;
  options.save_every = save_every;
  return options;
}

}  // namespace candor::app
