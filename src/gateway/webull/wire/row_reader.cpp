#include "gateway/webull/wire/row_reader.hpp"

namespace janus::webull::wire {

RowReader::RowReader(const Json& row, std::string_view what) : row_(row), what_(what) {
    if (!row.is_object()) stop("row is no object");
}

void RowReader::stop(std::string problem) {
    if (!problem_) problem_ = std::move(problem);
}

const Json* RowReader::find(Names names) const {
    for (const auto name : names)
        if (const auto* member = row_.find(name)) return member;
    return nullptr;
}

const std::string* RowReader::find_text(Names names) {
    const auto* member = find(names);
    if (member == nullptr) return nullptr;
    if (member->kind() != Json::Kind::String && member->kind() != Json::Kind::Number) {
        stop(fmt::format("{} is neither text nor number", *names.begin()));
        return nullptr;
    }
    return member->text().empty() ? nullptr : &member->text();
}

std::string RowReader::text(Names names) {
    const auto* found = find_text(names);
    if (found == nullptr) stop(fmt::format("{} is missing", *names.begin()));
    return found == nullptr ? std::string() : *found;
}

std::string RowReader::text_or_empty(Names names) {
    const auto* found = find_text(names);
    return found == nullptr ? std::string() : *found;
}

std::optional<Decimal> RowReader::keep(Names names, Result<Decimal> value) {
    if (value) return *value;
    stop(fmt::format("{}: {}", *names.begin(), value.error().message));
    return std::nullopt;
}

Decimal RowReader::decimal(Names names) {
    const auto value = find_decimal(names);
    if (!value) stop(fmt::format("{} is missing", *names.begin()));
    return value.value_or(Decimal{});
}

std::optional<Decimal> RowReader::find_decimal(Names names) {
    const auto* found = find_text(names);
    return found == nullptr ? std::nullopt : keep(names, Decimal::parse(*found));
}

std::optional<Decimal> RowReader::find_computed(Names names) {
    const auto* found = find_text(names);
    return found == nullptr ? std::nullopt : keep(names, Decimal::parse_rounded(*found));
}

std::optional<Utc> RowReader::find_time(Names names) {
    const auto* found = find_text(names);
    if (found == nullptr) return std::nullopt;
    const auto value = parse_iso(*found);
    if (value) return *value;
    stop(fmt::format("{}: {}", *names.begin(), value.error().message));
    return std::nullopt;
}

}  // namespace janus::webull::wire
