#include "tokenizer/gguf_vocabulary.h"

#include <fmt/format.h>

#include <set>

#include "candor/checkpoint/gguf.h"
#include "tokenizer/pre_tokenizer_presets.h"
#include "tokenizer/scored_pieces.h"
#include "tokenizer/utf8.h"

namespace candor::tokenizer {
namespace {

using checkpoint::GgufFile;
using Texts = std::vector<std::string>;

constexpr const char* tokens_key = "tokenizer.ggml.tokens";
constexpr const char* types_key = "tokenizer.ggml.token_type";

Error wrong(const GgufFile& file, std::string_view key, std::string found) {
  return Error{ErrorCode::malformed, std::move(found)}.in_field(key).in_file(file.path());
}

// What both kinds of vocabularies have.
struct Common {
  Texts tokens;
  std::vector<PieceKind> kinds;
  std::optional<Token> begin;
  std::optional<Token> end;
  std::optional<std::string> chat_template;
};

Result<PieceKind> kind_of(const GgufFile& file, std::int64_t type) {
  switch (type) {
    case 1:
      return PieceKind::normal;
    case 2:
      return PieceKind::unknown;
    case 3:
      return PieceKind::control;
    case 4:
      return PieceKind::user_defined;
    case 5:
      return PieceKind::normal;  // unused: no merge makes it
    case 6:
      return PieceKind::byte;
    default:
      return wrong(file, types_key, std::to_string(type)).expecting("1 to 6");
  }
}

Result<Texts> read_tokens(const GgufFile& file) {
  CANDOR_TRY(Texts tokens, file.require<Texts>(tokens_key));
  std::set<std::string_view> known;
  for (const std::string& token : tokens) {
    if (!is_valid_utf8(token)) return wrong(file, tokens_key, token).expecting("UTF-8");
    if (!known.insert(token).second)
      return wrong(file, tokens_key, token).expecting("every token once");
  }
  return tokens;
}

Result<std::vector<PieceKind>> read_kinds(const GgufFile& file, std::size_t count) {
  CANDOR_TRY(const auto types, file.find<std::vector<std::int64_t>>(types_key));
  if (!types) return std::vector<PieceKind>(count, PieceKind::normal);
  if (types->size() != count)
    return wrong(file, types_key, fmt::format("{} types", types->size()))
        .expecting(fmt::format("{}, one for each token", count));
  std::vector<PieceKind> kinds;
  for (const std::int64_t type : *types) {
    CANDOR_TRY(const PieceKind kind, kind_of(file, type));
    kinds.push_back(kind);
  }
  return kinds;
}

Result<std::optional<Token>> read_token(const GgufFile& file, const std::string& key,
                                        std::size_t count) {
  CANDOR_TRY(const auto id, file.find<std::int64_t>(key));
  if (!id) return std::optional<Token>();
  if (*id < 0 || static_cast<std::size_t>(*id) >= count)
    return wrong(file, key, std::to_string(*id)).expecting(fmt::format("0 to {}", count - 1));
  return std::optional(static_cast<Token>(*id));
}

Result<Common> read_common(const GgufFile& file, bool add_begin) {
  Common common;
  CANDOR_TRY(common.tokens, read_tokens(file));
  const std::size_t count = common.tokens.size();
  CANDOR_TRY(common.kinds, read_kinds(file, count));
  CANDOR_TRY(const auto says, file.find<bool>("tokenizer.ggml.add_bos_token"));
  CANDOR_TRY(common.begin, read_token(file, "tokenizer.ggml.bos_token_id", count));
  if (!says.value_or(add_begin)) common.begin.reset();
  CANDOR_TRY(common.end, read_token(file, "tokenizer.ggml.eos_token_id", count));
  CANDOR_TRY(common.chat_template, file.find<std::string>("tokenizer.chat_template"));
  if (common.chat_template && !is_valid_utf8(*common.chat_template))
    return wrong(file, "tokenizer.chat_template", "a text").expecting("UTF-8");
  return common;
}

using Loaded = Result<std::unique_ptr<Tokenizer>>;

Status read_merges(const GgufFile& file, NewVocabulary& vocabulary) {
  CANDOR_TRY(const Texts merges, file.require<Texts>("tokenizer.ggml.merges"));
  std::unordered_map<std::string_view, Token> number;
  for (std::size_t i = 0; i < vocabulary.text.size(); ++i)
    number.emplace(vocabulary.text[i], static_cast<Token>(i));
  for (const std::string_view merge : merges) {
    const std::size_t space = merge.find(' ', 1);
    const auto left = number.find(merge.substr(0, space));
    const auto right = space == merge.npos ? number.end() : number.find(merge.substr(space + 1));
    if (left == number.end() || right == number.end())
      return wrong(file, "tokenizer.ggml.merges", std::string(merge))
          .expecting("two tokens with one space between");
    vocabulary.merges.emplace_back(left->second, right->second);
  }
  return {};
}

Result<PreTokenizerPreset> read_preset(const GgufFile& file) {
  CANDOR_TRY(const auto name, file.find<std::string>("tokenizer.ggml.pre"));
  if (auto preset = find_preset(name.value_or("default"))) return *std::move(preset);
  return Error{ErrorCode::unsupported, *name}
      .in_field("tokenizer.ggml.pre")
      .in_file(file.path())
      .expecting("one of " + preset_names())
      .way("use the model's own folder with its tokenizer.json");
}

Loaded load_byte_level(const GgufFile& file) {
  CANDOR_TRY(PreTokenizerPreset preset, read_preset(file));
  CANDOR_TRY(Common common, read_common(file, preset.add_begin));
  NewVocabulary vocabulary;
  vocabulary.text = std::move(common.tokens);
  for (std::size_t i = 0; i < common.kinds.size(); ++i) {
    const PieceKind kind = common.kinds[i];
    if (kind != PieceKind::normal && kind != PieceKind::byte)
      vocabulary.added.push_back({static_cast<Token>(i), kind != PieceKind::user_defined});
  }
  vocabulary.begin = common.begin;
  vocabulary.end = common.end;
  vocabulary.chat_template = std::move(common.chat_template);
  vocabulary.normalizer = std::move(preset.normalizer);
  vocabulary.pre_tokenizer = std::move(preset.pre_tokenizer);
  vocabulary.model_options["ignore_merges"] = preset.whole_pieces_first;
  CANDOR_CHECK(read_merges(file, vocabulary));
  return parse_tokenizer(files_of(vocabulary, file.path()));
}

Loaded load_pieces(const GgufFile& file) {
  CANDOR_TRY(Common common, read_common(file, true));
  CANDOR_TRY(const auto scores, file.require<std::vector<double>>("tokenizer.ggml.scores"));
  if (scores.size() != common.tokens.size())
    return wrong(file, "tokenizer.ggml.scores", fmt::format("{} scores", scores.size()))
        .expecting(fmt::format("{}, one for each token", common.tokens.size()));
  ScoredPieces all;
  for (std::size_t i = 0; i < scores.size(); ++i)
    all.pieces.push_back(
        {std::move(common.tokens[i]), static_cast<float>(scores[i]), common.kinds[i]});
  all.begin = common.begin;
  all.end = common.end;
  all.chat_template = std::move(common.chat_template);
  CANDOR_TRY(const auto prefix, file.find<bool>("tokenizer.ggml.add_space_prefix"));
  all.add_space_prefix = prefix.value_or(true);
  CANDOR_TRY(TokenizerFiles files, files_of(all, file.path()));
  return parse_tokenizer(std::move(files));
}

}  // namespace

Loaded load_gguf_vocabulary(const std::string& path) {
  CANDOR_TRY(const GgufFile file, GgufFile::open(path));
  CANDOR_TRY(const std::string model, file.require<std::string>("tokenizer.ggml.model"));
  if (model == "gpt2") return load_byte_level(file);
  if (model == "llama") return load_pieces(file);
  return Error{ErrorCode::unsupported, model}
      .in_field("tokenizer.ggml.model")
      .in_file(path)
      .expecting("gpt2 or llama")
      .way("use the model's own folder with its tokenizer.json or tokenizer.model");
}

}  // namespace candor::tokenizer
