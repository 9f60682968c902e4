#include "checkpoint/adapter_config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "candor/base/text.h"
#include "checkpoint/config_fields.h"
#include "checkpoint/json.h"

namespace candor::checkpoint {
namespace {

using nlohmann::json;

// Options that are read, or that change nothing once an adapter is trained.
constexpr std::array<std::string_view, 19> known_options{
    "alpha_pattern",
    "auto_mapping",
    "base_model_name_or_path",
    "bias",
    "fan_in_fan_out",
    "inference_mode",
    "init_lora_weights",
    "lora_alpha",
    "lora_dropout",
    "megatron_core",
    "peft_type",
    "peft_version",
    "qalora_group_size",
    "r",
    "revision",
    "runtime_config",
    "task_type",
    "target_modules",
    "use_rslora",
};

// null, false, 0, and what is empty: the option is not used.
bool is_unused(const json& value) {
  return value.is_null() || value == false || value == 0 || value == "" ||
         (value.is_structured() && value.empty());
}

Status refuse_unknown_options(const json& object, const std::string& file) {
  for (const auto& [name, value] : object.items()) {
    const bool known = std::ranges::find(known_options, name) != known_options.end();
    if (known || is_unused(value)) continue;
    return Error{ErrorCode::unsupported, found_text(value)}
        .in_file(file)
        .in_field(name)
        .expecting("an adapter without this option")
        .way("merge the adapter into its model with PEFT, and read that");
  }
  return {};
}

// Some ways to start an adapter change the base model, too.
Status check_start(const ConfigFields& fields) {
  const json* start = fields.find("init_lora_weights");
  if (start == nullptr || start->is_boolean()) return {};
  for (const char* harmless : {"gaussian", "eva", "orthogonal"})
    if (*start == harmless) return {};
  return fields.must_be("init_lora_weights", true, "a start that leaves the base model as it is");
}

Status check_kind(const ConfigFields& fields) {
  CANDOR_TRY(const std::string type, fields.text("peft_type"));
  CANDOR_CHECK(fields.must_be("peft_type", "LORA", "the only kind of adapter known here"));
  CANDOR_CHECK(fields.must_be("task_type", "CAUSAL_LM", "a language model"));
  CANDOR_CHECK(fields.must_be("bias", "none", "biases are those of the base model"));
  CANDOR_CHECK(fields.must_be("alpha_pattern", json::object(), "one alpha for all layers"));
  return check_start(fields);
}

Result<std::vector<std::string>> read_targets(const ConfigFields& fields) {
  constexpr const char* name = "target_modules";
  const json* list = fields.find(name);
  const auto is_text = [](const json& item) { return item.is_string(); };
  if (list == nullptr || !list->is_array() || !std::ranges::all_of(*list, is_text)) {
    Error error = fields.wrong(name, "a list of names of layers");
    if (list != nullptr && list->is_string()) error.code = ErrorCode::unsupported;
    return error;
  }
  auto targets = list->get<std::vector<std::string>>();
  std::ranges::sort(targets);  // a set, which PEFT writes in any order
  return targets;
}

json number_json(double value) {
  if (std::abs(value) < 1e15 && std::floor(value) == value) return static_cast<std::int64_t>(value);
  return value;
}

bool has_gpt2_layers(const AdapterTensors& adapter) {
  return !adapter.values.empty() && adapter.values.begin()->first.starts_with("transformer.");
}

}  // namespace

Result<AdapterTensors> parse_adapter_config(std::string_view text, const std::string& file) {
  CANDOR_TRY(const json object, parse_object(text, file));
  const ConfigFields fields(object, file);
  CANDOR_CHECK(check_kind(fields));
  CANDOR_CHECK(refuse_unknown_options(object, file));
  AdapterTensors adapter;
  CANDOR_TRY(adapter.rank, fields.size("r"));
  CANDOR_TRY(adapter.alpha, fields.number("lora_alpha"));
  CANDOR_TRY(adapter.rank_stabilised, fields.flag("use_rslora", false));
  CANDOR_TRY(adapter.base_model, fields.text("base_model_name_or_path", ""));
  CANDOR_TRY(adapter.target_modules, read_targets(fields));
  if (adapter.rank == 0) return fields.wrong("r", "a rank from 1 on");
  return adapter;
}

std::string adapter_config_json(const AdapterTensors& adapter) {
  json out;
  out["peft_type"] = "LORA";
  out["task_type"] = "CAUSAL_LM";
  out["base_model_name_or_path"] = adapter.base_model;
  out["r"] = adapter.rank;
  out["lora_alpha"] = number_json(adapter.alpha);
  out["lora_dropout"] = 0.0;
  out["use_rslora"] = adapter.rank_stabilised;
  out["target_modules"] = adapter.target_modules;
  out["bias"] = "none";
  out["fan_in_fan_out"] = has_gpt2_layers(adapter);  // the base model's matrices are [in, out]
  out["inference_mode"] = true;
  return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace candor::checkpoint
