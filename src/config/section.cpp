#include "config/section.hpp"

#include <algorithm>
#include <numeric>

namespace janus::config {
namespace {

/// How many single-letter changes lie between two names.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0U);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto change = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, change}));
        }
    }
    return row[b.size()];
}

std::string place_of(const std::string& path, std::string_view key) {
    return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

}  // namespace

SettingBase::SettingBase(Section& owner, std::string_view name, std::string_view help)
    : name_(name), help_(help) {
    owner.enter(*this);
}

std::string Section::nearest_name(std::string_view key) const {
    std::string_view best;
    std::size_t best_distance = key.size() / 2 + 1;
    const auto consider = [&](std::string_view name) {
        const auto here = distance(key, name);
        if (here < best_distance) {
            best = name;
            best_distance = here;
        }
    };
    for (const auto* setting : settings_) consider(setting->name());
    for (const auto& [name, section] : sections_) consider(name);
    return std::string(best);
}

void Section::read_key(const std::string& key, const Node& node, const std::string& path,
                       std::vector<std::string>& problems) {
    const auto setting = std::ranges::find(settings_, key, &SettingBase::name);
    if (setting != settings_.end()) {
        if (const auto done = (*setting)->read(node); !done)
            problems.push_back(fmt::format("line {}: {}: {}", node.line, place_of(path, key),
                                           done.error().message));
        return;
    }
    const auto section =
        std::ranges::find(sections_, key, [](const auto& entry) { return entry.first; });
    if (section != sections_.end())
        return section->second->read(node, place_of(path, key), problems);
    const auto nearest = nearest_name(key);
    problems.push_back(
        fmt::format("line {}: {} is not a setting{}", node.line, place_of(path, key),
                    nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
}

void Section::read(const Node& node, const std::string& path, std::vector<std::string>& problems) {
    const auto* map = std::get_if<Node::Map>(&node.value);
    if (!map) {
        problems.push_back(fmt::format("line {}: {} must be a table", node.line, path));
        return;
    }
    for (const auto& [key, item] : *map) read_key(key, item, path, problems);
}

void Section::check_present(const std::string& path, std::vector<std::string>& problems) const {
    for (const auto* setting : settings_)
        if (const auto there = setting->check_present(); !there)
            problems.push_back(
                fmt::format("{}: {}", place_of(path, setting->name()), there.error().message));
    for (const auto& [name, section] : sections_)
        section->check_present(place_of(path, name), problems);
}

}  // namespace janus::config
