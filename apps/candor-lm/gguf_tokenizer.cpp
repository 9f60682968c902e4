#include "gguf_tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "json_lines.h"
#include "scratch_folder.h"

namespace candor::app {
namespace {

using checkpoint::GgufMetadata;
using nlohmann::json;
using Texts = std::vector<std::string>;

enum TokenType : std::int32_t {
  normal = 1,
  unknown = 2,
  control = 3,
  user_defined = 4,
  unused = 5,
  byte = 6
};

Error no_name(std::string found, std::string_view expected) {
  return Error{ErrorCode::unsupported, std::move(found)}
      .in_field("tokenizer")
      .expecting(expected)
      .way("export a Hugging Face folder");
}

// The parts of a pre-tokenizer, a Sequence's one by one.
std::vector<json> cutters_of(const json& tokenizer) {
  const json cutter = tokenizer.value("pre_tokenizer", json());
  if (!cutter.is_object()) return {};
  if (cutter.value("type", "") != "Sequence") return {cutter};
  return cutter.at("pretokenizers").get<std::vector<json>>();
}

bool has_type(const json& cutter, std::string_view type) {
  return cutter.value("type", "") == type;
}

std::string pattern_of(const json& split) {
  const json pattern = split.value("pattern", json::object());
  return pattern.is_object() ? pattern.value("Regex", "") : "";
}

// The name under which readers of GGUF files know a way of cutting.
Result<std::string> name_of_cutting(const json& tokenizer) {
  const std::vector<json> cutters = cutters_of(tokenizer);
  const bool digits = !cutters.empty() && has_type(cutters.front(), "Digits") &&
                      cutters.front().value("individual_digits", false);
  const bool split = !cutters.empty() && has_type(cutters.front(), "Split");
  if (cutters.size() == 1 && has_type(cutters.front(), "ByteLevel")) return std::string("gpt-2");
  if (cutters.size() == 2 && has_type(cutters.back(), "ByteLevel")) {
    if (digits) return std::string("smollm");
    if (split && pattern_of(cutters.front()).find(R"(\p{N}{1,3})") != std::string::npos)
      return std::string("llama-bpe");
    if (split && pattern_of(cutters.front()).find(R"(|\p{N}|)") != std::string::npos)
      return std::string("qwen2");
  }
  return no_name(
      shown(tokenizer.value("pre_tokenizer", json())),
      "a way of cutting texts that GGUF has a name for: gpt-2, smollm, llama-bpe, qwen2");
}

bool is_byte(const std::string& token) {
  return token.size() == 6 && token.starts_with("<0x") && token.back() == '>';
}

struct Vocabulary {
  Texts tokens;
  std::vector<std::int32_t> types;

  explicit Vocabulary(std::size_t rows) : types(rows, unused) {
    for (std::size_t i = 0; i < rows; ++i) tokens.push_back(fmt::format("[PAD{}]", i));
  }
  void set(std::size_t id, std::string text, std::int32_t type) {
    if (id >= tokens.size()) return;
    tokens[id] = std::move(text);
    types[id] = type;
  }
};

Vocabulary vocabulary_of(const json& file, std::size_t rows, bool bytes_last) {
  Vocabulary all(rows);
  const json& model = file.at("model");
  for (const auto& [text, id] : model.at("vocab").items())
    all.set(id.get<std::size_t>(), text, bytes_last && is_byte(text) ? byte : normal);
  const json unknown_token = model.value("unk_token", json());
  for (const json& added : file.value("added_tokens", json::array())) {
    const auto text = added.at("content").get<std::string>();
    const bool is_unknown = unknown_token.is_string() && unknown_token == text;
    const std::int32_t type = is_unknown                      ? unknown
                              : added.value("special", false) ? control
                                                              : user_defined;
    all.set(added.at("id").get<std::size_t>(), text, type);
  }
  return all;
}

using Merge = std::pair<std::string, std::string>;

// "a b", which newer files write as ["a", "b"]. Either part may be empty.
Merge merge_of(const json& merge) {
  if (!merge.is_string()) return {merge.at(0).get<std::string>(), merge.at(1).get<std::string>()};
  const auto text = merge.get<std::string>();
  const std::size_t space = std::min(text.find(' '), text.size());
  return {text.substr(0, space), text.substr(std::min(space + 1, text.size()))};
}

std::vector<Merge> merges_of(const json& model) {
  std::vector<Merge> merges;
  for (const json& merge : model.at("merges")) merges.push_back(merge_of(merge));
  return merges;
}

Texts joined(const std::vector<Merge>& merges) {
  Texts texts;
  for (const auto& [left, right] : merges) texts.push_back(left + " " + right);
  return texts;
}

// Merges go by score there: the earlier, the higher.
std::vector<float> scores_of(const Texts& tokens, const std::vector<Merge>& merges) {
  std::map<std::string, float> score;
  for (std::size_t rank = 0; rank < merges.size(); ++rank)
    score.emplace(merges[rank].first + merges[rank].second, -static_cast<float>(rank));
  std::vector<float> scores;
  for (const std::string& token : tokens) {
    const auto found = score.find(token);
    scores.push_back(found == score.end() ? -1e6F : found->second);
  }
  return scores;
}

void add_special_tokens(const tokenizer::Tokenizer& tokenizer, GgufMetadata& out) {
  const auto begin = tokenizer.begin();
  const auto end = tokenizer.end();
  out["tokenizer.ggml.add_bos_token"] = begin.has_value();
  if (begin) out["tokenizer.ggml.bos_token_id"] = static_cast<std::uint32_t>(*begin);
  if (end) out["tokenizer.ggml.eos_token_id"] = static_cast<std::uint32_t>(*end);
}

Result<GgufMetadata> metadata_of(const json& file, std::size_t rows) {
  const json& model = file.at("model");
  if (model.value("type", "BPE") != "BPE") return no_name(shown(model["type"]), "BPE");
  const bool bytes_last = model.value("byte_fallback", false);
  Vocabulary all = vocabulary_of(file, rows, bytes_last);
  const std::vector<Merge> merges = merges_of(model);
  GgufMetadata out;
  if (bytes_last) {
    out["tokenizer.ggml.model"] = std::string("llama");
    out["tokenizer.ggml.scores"] = scores_of(all.tokens, merges);
  } else {
    CANDOR_TRY(out["tokenizer.ggml.pre"], name_of_cutting(file));
    out["tokenizer.ggml.model"] = std::string("gpt2");
    out["tokenizer.ggml.merges"] = joined(merges);
  }
  out["tokenizer.ggml.tokens"] = std::move(all.tokens);
  out["tokenizer.ggml.token_type"] = std::move(all.types);
  return out;
}

Result<json> saved_json(const tokenizer::Tokenizer& tokenizer, const std::string& name) {
  CANDOR_TRY(const ScratchFolder folder, ScratchFolder::create());
  CANDOR_CHECK(tokenizer.save(folder.path()));
  const auto text = read_bytes(folder.path() + "/" + name);
  if (!text) return json();
  return json::parse(*text, nullptr, false);
}

}  // namespace

Result<GgufMetadata> gguf_tokenizer(const tokenizer::Tokenizer& tokenizer, std::size_t rows) {
  CANDOR_TRY(const json file, saved_json(tokenizer, "tokenizer.json"));
  if (!file.is_object()) return no_name("a SentencePiece model", "a tokenizer.json");
  try {
    CANDOR_TRY(GgufMetadata out, metadata_of(file, rows));
    add_special_tokens(tokenizer, out);
    CANDOR_TRY(const json config, saved_json(tokenizer, "tokenizer_config.json"));
    const json chat = config.is_object() ? config.value("chat_template", json()) : json();
    if (chat.is_string()) out["tokenizer.chat_template"] = chat.get<std::string>();
    return out;
  } catch (const json::exception& problem) {
    return no_name(problem.what(), "a tokenizer.json of the usual form");
  }
}

Result<GgufMetadata> gguf_tokenizer_of(const std::string& path) {
  CANDOR_TRY(const checkpoint::GgufFile file, checkpoint::GgufFile::open(path));
  GgufMetadata out;
  for (const auto& [key, value] : file.metadata())
    if (key.starts_with("tokenizer.") || key == "general.name") out.emplace(key, value);
  return out;
}

}  // namespace candor::app
