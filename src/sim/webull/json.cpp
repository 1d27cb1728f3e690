#include "sim/webull/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <boost/json.hpp>

namespace janus::sim::webull {
namespace {

namespace json = boost::json;

/// The shortest decimal text of a number. Official command-line tools send prices as numbers, and
/// their double is the nearest one to what was typed.
std::string shortest_text(double number) {
    std::array<char, 64> text{};
    const auto [end, error] =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::general);
    return error == std::errc{} ? std::string(text.data(), end) : std::string{};
}

}  // namespace

Answer<json::object> parse_object(std::string_view body) {
    boost::system::error_code error;
    auto value = json::parse({body.data(), body.size()}, error);
    if (error || !value.is_object())
        return refuse(400, "ILLEGAL_PARAMETER", "The body is not a JSON object");
    return std::move(value.get_object());
}

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains({name.data(), name.size()});
    if (value == nullptr) return {};
    if (const auto* text = value->if_string()) return {text->data(), text->size()};
    if (const auto* number = value->if_int64()) return std::to_string(*number);
    if (const auto* number = value->if_uint64()) return std::to_string(*number);
    if (const auto* number = value->if_double()) return shortest_text(*number);
    return {};
}

const json::array* find_objects(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains({name.data(), name.size()});
    const auto* array = value == nullptr ? nullptr : value->if_array();
    if (array == nullptr || array->empty()) return nullptr;
    const bool objects =
        std::ranges::all_of(*array, [](const json::value& item) { return item.is_object(); });
    return objects ? array : nullptr;
}

}  // namespace janus::sim::webull
