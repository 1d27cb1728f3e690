#include "layouts.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace janus::transcript {
namespace {

constexpr std::string_view unset_number = "1.7976931348623157E308";

int number_of(std::string_view text) {
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

struct Gate {
    int min{0};
    int max{INT_MAX};
};

/// `[<177]`, `[>=183]`, `[187..189]`.
Gate gate_of(std::string_view text) {
    text = text.substr(1, text.size() - 2);
    if (text.starts_with("<")) return {0, number_of(text.substr(1)) - 1};
    if (text.starts_with(">=")) return {number_of(text.substr(2)), INT_MAX};
    const auto dots = text.find("..");
    return {number_of(text.substr(0, dots)), number_of(text.substr(dots + 2))};
}

/// Appends a value to a message; a `|` in it separates fields.
void append(Fields& to, std::string_view value) {
    for (;;) {
        const auto bar = value.find('|');
        to.emplace_back(value.substr(0, bar));
        if (bar == std::string_view::npos) return;
        value.remove_prefix(bar + 1);
    }
}

bool has_version(const LayoutField& field, int version) {
    return version >= field.version_min && version <= field.version_max;
}

}  // namespace

/// Reads the file line by line.
class LayoutParser {
 public:
    Result<Layouts> parse(const std::string& text) {
        std::istringstream in(text);
        std::string line;
        for (int number = 1; std::getline(in, line); ++number)
            if (auto ok = take(line); !ok)
                return fail(ErrorCode::Malformed, "line {}: {}", number, ok.error().message);
        return std::move(out_);
    }

 private:
    Result<void> take(const std::string& text) {
        if (text.empty() || text.starts_with('#')) return {};
        auto line = parse_line(text);
        if (!line) return std::unexpected(line.error());
        if (text.starts_with("preset ")) return take_preset(*line);
        if (text.starts_with("answer ")) return take_answer(*line);
        if (text.starts_with("< ")) return begin(out_.incoming_[line->words.at(1)], *line);
        if (text.starts_with("> ")) return begin(out_.outgoing_[line->words.at(2)], *line);
        return take_fields(text);
    }

    Result<void> take_preset(const Line& line) {
        auto name = line.words.at(1);
        name.pop_back();  // The colon.
        for (const auto& [key, value] : line.values) out_.presets_[name][key] = value;
        return {};
    }

    Result<void> take_answer(const Line& line) {
        PoliteAnswer answer{line.words.at(1), line};
        answer.reply.words.erase(answer.reply.words.begin(), answer.reply.words.begin() + 3);
        out_.answers_.push_back(std::move(answer));
        return {};
    }

    Result<void> begin(Layout& layout, const Line& line) {
        layout_ = &layout;
        layout.name = line.words.at(1);
        layout.id = line.words.at(2);
        for (std::size_t i = 3; i < line.words.size(); ++i)
            layout.presets.push_back(line.words[i].substr(1));
        return {};
    }

    /// Field lines keep their order, so they are cut here and not by `parse_line`.
    Result<void> take_fields(const std::string& text) {
        if (layout_ == nullptr) return fail(ErrorCode::Malformed, "fields of no message");
        Gate gate;
        std::size_t at = 0;
        while ((at = text.find_first_not_of(' ', at)) != std::string::npos) {
            auto end = text.find(' ', at);
            if (const auto quote = text.find('"', at); quote < end)
                end = text.find(' ', text.find('"', quote + 1));
            take_field(text.substr(at, end == std::string::npos ? end : end - at), gate);
            at = end;
        }
        return {};
    }

    void take_field(std::string token, Gate& gate) {
        if (token.starts_with('[')) {
            gate = gate_of(token);
            return;
        }
        if (token.ends_with("...")) {
            layout_->open_ended = true;
            token.resize(token.size() - 3);
            if (token.empty()) return;
        }
        std::erase(token, '"');
        const auto equals = token.find('=');
        auto name = token.substr(0, equals);
        const auto otherwise = equals == std::string::npos ? "" : token.substr(equals + 1);
        const auto star = name.find('*');
        if (star == std::string::npos) {
            layout_->fields.push_back({name, otherwise, gate.min, gate.max});
            return;
        }
        const int count = number_of(name.substr(star + 1));
        for (int i = 1; i <= count; ++i)
            layout_->fields.push_back(
                {fmt::format("{}{}", name.substr(0, star), i), otherwise, gate.min, gate.max});
    }

    Layouts out_;
    Layout* layout_{nullptr};
};

Result<Layouts> Layouts::parse(const std::string& text) {
    return LayoutParser().parse(text);
}

const Variables* Layouts::find_preset(std::string_view name) const {
    const auto found = presets_.find(name);
    return found != presets_.end() ? &found->second : nullptr;
}

std::optional<std::string> Layouts::find_preset_by(std::string_view field,
                                                   std::string_view value) const {
    for (const auto& [name, values] : presets_)
        if (const auto found = values.find(field); found != values.end() && found->second == value)
            return name;
    return std::nullopt;
}

/// Defaults, then the layout's presets, then those that the line names, then its own values.
Result<Variables> Layouts::values_of(const Layout& layout, const Line& line) const {
    Variables out;
    for (const auto& field : layout.fields) out[field.name] = field.otherwise;
    auto presets = layout.presets;
    presets.insert(presets.end(), line.words.begin() + 1, line.words.end());
    for (const auto& name : presets) {
        const auto* preset = find_preset(name);
        if (preset == nullptr) return fail(ErrorCode::Malformed, "no preset is called '{}'", name);
        for (const auto& [key, value] : *preset)
            if (out.contains(key)) out[key] = value;
    }
    for (const auto& [key, value] : line.values) {
        if (!out.contains(key))
            return fail(ErrorCode::Malformed, "{} has no field '{}'", layout.name, key);
        out[key] = value;
    }
    return out;
}

Result<Fields> Layouts::build(const Line& line, int version, const Variables& variables) const {
    const auto found = incoming_.find(line.words.at(0));
    if (found == incoming_.end())
        return fail(ErrorCode::Malformed, "no message of the broker is called '{}'", line.words[0]);
    const auto& layout = found->second;
    const auto values = values_of(layout, line);
    if (!values) return std::unexpected(values.error());
    auto known = variables;
    known["version"] = std::to_string(version);
    known["unset"] = unset_number;
    for (const auto& [key, value] : *values)
        if (value.find('$') == std::string::npos) known[key] = value;
    Fields out;
    if (layout.id != "-") out.push_back(layout.id);
    for (const auto& field : layout.fields) {
        if (!has_version(field, version)) continue;
        const auto value = substituted(values->at(field.name), known);
        if (!value) return fail(ErrorCode::Malformed, "{}: {}", field.name, value.error().message);
        append(out, *value);
    }
    return out;
}

Result<Line> Layouts::read(const Fields& fields, int version) const {
    const auto found = outgoing_.find(fields.empty() ? "" : fields.front());
    if (found == outgoing_.end())
        return fail(ErrorCode::Malformed, "message {} of ours has no layout",
                    fields.empty() ? "" : fields.front());
    const auto& layout = found->second;
    Line out{{layout.name}, {}};
    std::size_t at = 1;
    for (const auto& field : layout.fields) {
        if (!has_version(field, version)) continue;
        if (at < fields.size()) out.values.emplace_back(field.name, fields[at]);
        ++at;
    }
    const bool exact = at == fields.size() || (layout.open_ended && at <= fields.size());
    if (exact) return out;
    return fail(ErrorCode::Malformed, "{} had {} fields at version {}, its layout has {}",
                layout.name, fields.size(), version, at);
}

}  // namespace janus::transcript
