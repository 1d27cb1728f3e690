#include <fstream>
#include <sstream>

#include <toml++/toml.h>

#include "config/node.hpp"

namespace janus::config {
namespace {

Node to_node(const toml::node& from);

Node::List to_list(const toml::array& from) {
    Node::List list;
    for (const auto& item : from) list.push_back(to_node(item));
    return list;
}

Node::Map to_map(const toml::table& from) {
    Node::Map map;
    for (const auto& [key, item] : from) map.emplace(std::string(key.str()), to_node(item));
    return map;
}

Node to_node(const toml::node& from) {
    Node node;
    node.line = static_cast<int>(from.source().begin.line);
    if (const auto* table = from.as_table())
        node.value = to_map(*table);
    else if (const auto* array = from.as_array())
        node.value = to_list(*array);
    else if (const auto* text = from.as_string())
        node.value = text->get();
    else if (const auto* whole = from.as_integer())
        node.value = whole->get();
    else if (const auto* flag = from.as_boolean())
        node.value = flag->get();
    else
        node.value = Floating{};  // Also dates and times, which no setting takes either.
    return node;
}

}  // namespace

Result<Node> parse_toml(std::string_view text, std::string_view name) {
    try {
        return to_node(toml::parse(text, name));
    } catch (const toml::parse_error& error) {
        const auto& at = error.source().begin;
        return fail(ErrorCode::Malformed, "{}:{}:{}: {}", name, at.line, at.column,
                    error.description());
    }
}

Result<Node> read_toml_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return fail(ErrorCode::NotFound, "configuration {} cannot be read", path.string());
    return parse_toml(text.str(), path.string());
}

}  // namespace janus::config
