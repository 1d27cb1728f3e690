#include "webull_bodies.hpp"

#include <sstream>

namespace janus::transcript {

Result<Bodies> Bodies::parse(const std::string& text) {
    Bodies out;
    Row* row = nullptr;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.starts_with('#')) continue;
        const auto first = line.find_first_not_of(' ');
        if (first == std::string::npos) continue;
        if (first > 0) {
            if (row == nullptr) return fail(ErrorCode::Malformed, "'{}' has no name", line);
            row->text += line.substr(first);
            continue;
        }
        const auto head = parse_line(line);
        if (!head) return std::unexpected(head.error());
        row = &out.rows_[head->words.front()];
        for (const auto& [name, value] : head->values) row->defaults[name] = value;
    }
    return out;
}

Result<std::string> Bodies::build(const std::string& name, const Line& line,
                                  const Variables& variables) const {
    const auto row = rows_.find(name);
    if (row == rows_.end()) return fail(ErrorCode::Malformed, "no body is called {}", name);
    auto values = variables;
    for (const auto& [key, value] : row->second.defaults) {
        auto filled = substituted(value, variables);
        if (!filled) return filled;
        values[key] = std::move(*filled);
    }
    for (const auto& [key, value] : line.values) {
        auto filled = substituted(value, variables);
        if (!filled) return filled;
        values[key] = std::move(*filled);
    }
    return substituted(row->second.text, values);
}

}  // namespace janus::transcript
