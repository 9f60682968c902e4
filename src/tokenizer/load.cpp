// Which reader a path belongs to.
#include <filesystem>

#include "tokenizer/file_bytes.h"
#include "tokenizer/gguf_vocabulary.h"
#include "tokenizer/llama2c_vocabulary.h"
#include "tokenizer/sentencepiece_tokenizer.h"
#include "tokenizer/tokenizer_json.h"

namespace candor::tokenizer {
namespace {

namespace fs = std::filesystem;
using Loaded = Result<std::unique_ptr<Tokenizer>>;

Status read_if_there(const fs::path& path, std::string& bytes) {
  if (!fs::exists(path)) return {};
  CANDOR_TRY(bytes, read_bytes(path));
  return {};
}

// Newer folders have the chat template as a file of its own.
Result<std::string> config_beside(const fs::path& path) {
  const fs::path folder = path.parent_path();
  std::string config = "{}";
  std::string chat;
  CANDOR_CHECK(read_if_there(folder / "tokenizer_config.json", config));
  CANDOR_CHECK(read_if_there(folder / "chat_template.jinja", chat));
  return chat.empty() ? config : with_chat_template(config, chat);
}

Loaded load_json(const fs::path& path) {
  TokenizerFiles files;
  CANDOR_TRY(files.tokenizer, read_bytes(path));
  CANDOR_TRY(files.config, config_beside(path));
  files.name = path;
  files.config_name = path.parent_path() / "tokenizer_config.json";
  return parse_tokenizer(std::move(files));
}

Loaded load_sentencepiece(const fs::path& path) {
  CANDOR_TRY(const std::string model, read_bytes(path));
  CANDOR_TRY(std::string config, config_beside(path));
  return parse_sentencepiece(model, config, path);
}

Loaded load_llama2c(const fs::path& path) {
  CANDOR_TRY(const std::string bytes, read_bytes(path));
  CANDOR_TRY(const ScoredPieces pieces, parse_llama2c_vocabulary(bytes, path));
  CANDOR_TRY(TokenizerFiles files, files_of(pieces, path));
  return parse_tokenizer(std::move(files));
}

Error unknown_format(const fs::path& path, ErrorCode code, std::string found) {
  return Error{code, std::move(found)}
      .in_file(path.string())
      .expecting(
          "tokenizer.json, a SentencePiece tokenizer.model, a .gguf file, or a llama2.c "
          "tokenizer .bin file")
      .way("save the tokenizer in the fast format (tokenizer.json)");
}

Loaded load_folder(const fs::path& folder) {
  if (fs::exists(folder / "tokenizer.json")) return load_json(folder / "tokenizer.json");
  if (!fs::exists(folder / "tokenizer.model"))
    return unknown_format(folder, ErrorCode::not_found, "a folder without a tokenizer");
  if (fs::exists(folder / "added_tokens.json"))
    return unknown_format(folder / "added_tokens.json", ErrorCode::unsupported,
                          "tokens added to a SentencePiece model");
  return load_sentencepiece(folder / "tokenizer.model");
}

}  // namespace

Loaded load_tokenizer(const std::string& path) {
  const fs::path file(path);
  std::error_code ignored;
  if (fs::is_directory(file, ignored)) return load_folder(file);
  if (file.extension() == ".json") return load_json(file);
  if (file.extension() == ".model") return load_sentencepiece(file);
  if (file.extension() == ".gguf") return load_gguf_vocabulary(path);
  if (file.extension() == ".bin") return load_llama2c(file);
  if (!fs::exists(file, ignored)) return unknown_format(file, ErrorCode::not_found, "nothing");
  return unknown_format(file, ErrorCode::unsupported, "a file named " + file.extension().string());
}

}  // namespace candor::tokenizer
