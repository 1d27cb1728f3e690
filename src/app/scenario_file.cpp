#include "app/scenario_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <span>
#include <vector>

#include <toml++/toml.h>

namespace janus::app {
namespace {

using namespace sim;

/// What is wrong with the file so far.
class Problems {
 public:
    explicit Problems(std::string_view name) : name_(name) {}
    void add(const toml::node& node, std::string_view what) {
        lines_.push_back(fmt::format("{}:{}: {}", name_, node.source().begin.line, what));
    }
    bool empty() const { return lines_.empty(); }
    std::string text() const { return fmt::format("{}", fmt::join(lines_, "\n")); }

 private:
    std::string name_;
    std::vector<std::string> lines_;
};

Result<std::string> text_value(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    return fail(ErrorCode::Invalid, "must be a text in quotes");
}

/// Decimals stand in quotes, since a TOML number with a point is not exact; whole numbers may be
/// bare.
Result<Decimal> decimal_value(const toml::node& node) {
    if (const auto* whole = node.as_integer()) return Decimal::parse(std::to_string(whole->get()));
    const auto text = text_value(node);
    if (!text) return fail(ErrorCode::Invalid, "must be a decimal in quotes");
    return Decimal::parse(*text);
}

Result<std::int64_t> integer_value(const toml::node& node) {
    if (const auto* whole = node.as_integer()) return whole->get();
    return fail(ErrorCode::Invalid, "must be a whole number");
}

/// `250ms` or `2s`.
Result<Duration> duration_value(const toml::node& node) {
    const auto text = text_value(node);
    if (!text) return std::unexpected(text.error());
    std::int64_t count = 0;
    const char* last = text->data() + text->size();
    const auto [end, error] = std::from_chars(text->data(), last, count);
    const std::string_view unit(end, static_cast<std::size_t>(last - end));
    if (error != std::errc{} || count < 0 || count > 86'400'000 || (unit != "ms" && unit != "s"))
        return fail(ErrorCode::Invalid, "must be a time like 250ms or 2s, was '{}'", *text);
    return unit == "s" ? Duration(std::chrono::seconds(count))
                       : Duration(std::chrono::milliseconds(count));
}

/// One key of a table: its name, and how it gets into the object.
template <typename Object>
struct Key {
    std::string_view name;
    Result<void> (*set)(Object& object, const toml::node& node);
};

/// Makes a setter of a reader and a member.
template <auto Reader, auto Member, typename Object>
Result<void> set(Object& object, const toml::node& node) {
    auto value = Reader(node);
    if (!value) return std::unexpected(value.error());
    object.*Member = {std::move(*value)};
    return {};
}

template <auto Member, typename Object>
Result<void> text(Object& object, const toml::node& node) {
    return set<text_value, Member>(object, node);
}

template <auto Member, typename Object>
Result<void> decimal(Object& object, const toml::node& node) {
    return set<decimal_value, Member>(object, node);
}

Result<void> set_asset_class(SimInstrument& instrument, const toml::node& node) {
    const auto word = text_value(node);
    if (!word) return std::unexpected(word.error());
    const auto asset_class = parse_asset_class(*word);
    if (!asset_class) return std::unexpected(asset_class.error());
    instrument.asset_class = *asset_class;
    return {};
}

Result<void> set_twins(SimInstrument& instrument, const toml::node& node) {
    const auto* list = node.as_array();
    if (list == nullptr) return fail(ErrorCode::Invalid, "must be a list of conids");
    for (const auto& item : *list) {
        const auto conid = integer_value(item);
        if (!conid) return std::unexpected(conid.error());
        instrument.ib_twins.push_back(*conid);
    }
    return {};
}

Result<void> set_broker(SimAccount& account, const toml::node& node) {
    const auto word = text_value(node);
    if (!word || (*word != "ib" && *word != "webull"))
        return fail(ErrorCode::Invalid, "must be \"ib\" or \"webull\"");
    account.broker = *word == "ib" ? SimBroker::Ib : SimBroker::Webull;
    return {};
}

/// Order numbers become IB's 32-bit ids, so they must leave room above.
constexpr std::int64_t first_number_max = 700'000'000;

Result<void> set_first_number(Scenario& scenario, const toml::node& node) {
    const auto number = integer_value(node);
    if (!number || *number < 1 || *number > first_number_max)
        return fail(ErrorCode::Invalid, "must be 1 to {}", first_number_max);
    scenario.first_number = static_cast<std::uint64_t>(*number);
    return {};
}

Result<void> set_walk_ticks(Scenario& scenario, const toml::node& node) {
    const auto ticks = integer_value(node);
    if (!ticks || *ticks < 0 || *ticks > 1000) return fail(ErrorCode::Invalid, "must be 0 to 1000");
    scenario.walk_ticks_max = static_cast<int>(*ticks);
    return {};
}

constexpr auto instrument_keys = std::to_array<Key<SimInstrument>>({
    {"symbol", text<&SimInstrument::symbol>},
    {"asset_class", set_asset_class},
    {"description", text<&SimInstrument::description>},
    {"currency", text<&SimInstrument::currency>},
    {"multiplier", decimal<&SimInstrument::multiplier>},
    {"ib_conid", set<integer_value, &SimInstrument::ib_conid>},
    {"ib_symbol", text<&SimInstrument::ib_symbol>},
    {"ib_local_symbol", text<&SimInstrument::ib_local_symbol>},
    {"ib_exchange", text<&SimInstrument::ib_exchange>},
    {"ib_trading_class", text<&SimInstrument::ib_trading_class>},
    {"last_trade_date", text<&SimInstrument::last_trade_date>},
    {"contract_month", text<&SimInstrument::contract_month>},
    {"strike", text<&SimInstrument::strike>},
    {"right", text<&SimInstrument::right>},
    {"webull_ticker", text<&SimInstrument::webull_ticker>},
    {"webull_instrument_id", text<&SimInstrument::webull_instrument_id>},
    {"ib_twins", set_twins},
    {"start_price", decimal<&SimInstrument::start_price>},
    {"tick_size", decimal<&SimInstrument::tick_size>},
});
constexpr auto holding_keys = std::to_array<Key<SimHolding>>({
    {"symbol",       text<&SimHolding::symbol>         },
    {"quantity",     decimal<&SimHolding::quantity>    },
    {"average_cost", decimal<&SimHolding::average_cost>},
});
constexpr auto app_key_keys = std::to_array<Key<SimAppKey>>({
    {"key",    text<&SimAppKey::key>   },
    {"secret", text<&SimAppKey::secret>},
});
constexpr auto account_keys = std::to_array<Key<SimAccount>>({
    {"broker",  set_broker                },
    {"id",      text<&SimAccount::id>     },
    {"number",  text<&SimAccount::number> },
    {"app_key", text<&SimAccount::app_key>},
    {"cash",    decimal<&SimAccount::cash>},
});
constexpr auto world_keys = std::to_array<Key<Scenario>>({
    {"walk_period", set<duration_value, &Scenario::walk_period>},
    {"walk_ticks_max", set_walk_ticks},
    {"fill_delay", set<duration_value, &Scenario::fill_delay>},
    {"partial_fill_above", decimal<&Scenario::partial_fill_above>},
    {"first_number", set_first_number},
});

/// Reads the keys of one table into an object; `lists` are keys that somebody else reads.
template <typename Object>
void read_table(const toml::table& table, std::span<const Key<Object>> keys,
                std::initializer_list<std::string_view> lists, Object& object, Problems& problems) {
    for (const auto& [toml_key, node] : table) {
        const std::string_view name = toml_key.str();
        if (std::ranges::count(lists, name) > 0) continue;
        const auto key = std::ranges::find(keys, name, &Key<Object>::name);
        if (key == keys.end()) {
            problems.add(node, fmt::format("unknown key '{}'", name));
            continue;
        }
        if (const auto done = key->set(object, node); !done)
            problems.add(node, fmt::format("{}: {}", name, done.error().message));
    }
}

/// Calls `read` for every table of a list of tables.
template <typename Read>
void for_each_table(const toml::table& parent, std::string_view name, Problems& problems,
                    const Read& read) {
    const auto* node = parent.get(name);
    if (node == nullptr) return;
    const auto* list = node->as_array();
    if (list == nullptr) return problems.add(*node, fmt::format("'{}' must be [[{}]]", name, name));
    for (const auto& item : *list) {
        if (const auto* table = item.as_table())
            read(*table);
        else
            problems.add(item, fmt::format("'{}' must be [[{}]]", name, name));
    }
}

template <typename Object>
void read_list(const toml::table& parent, std::string_view name, std::span<const Key<Object>> keys,
               std::vector<Object>& objects, Problems& problems) {
    if (parent.contains(name)) objects.clear();
    for_each_table(parent, name, problems, [&](const toml::table& table) {
        read_table<Object>(table, keys, {}, objects.emplace_back(), problems);
    });
}

void read_accounts(const toml::table& world, std::vector<SimAccount>& accounts,
                   Problems& problems) {
    if (world.contains("account")) accounts.clear();
    for_each_table(world, "account", problems, [&](const toml::table& table) {
        auto& account = accounts.emplace_back();
        read_table<SimAccount>(table, account_keys, {"holding"}, account, problems);
        read_list<SimHolding>(table, "holding", holding_keys, account.holdings, problems);
    });
}

Result<Scenario> read_world(const toml::table& world, std::string_view name) {
    Problems problems(name);
    auto scenario = default_scenario();
    read_table<Scenario>(world, world_keys, {"instrument", "account", "app_key"}, scenario,
                         problems);
    read_list<SimInstrument>(world, "instrument", instrument_keys, scenario.instruments, problems);
    read_list<SimAppKey>(world, "app_key", app_key_keys, scenario.app_keys, problems);
    read_accounts(world, scenario.accounts, problems);
    if (!problems.empty()) return fail(ErrorCode::Invalid, "{}", problems.text());
    if (const auto checked = check_scenario(scenario); !checked)
        return fail(ErrorCode::Invalid, "{}: {}", name, checked.error().message);
    return scenario;
}

}  // namespace

Result<Scenario> parse_scenario(std::string_view toml_text, std::string_view name) {
    try {
        return read_world(toml::parse(toml_text, name), name);
    } catch (const toml::parse_error& error) {
        return fail(ErrorCode::Invalid, "{}:{}: {}", name, error.source().begin.line,
                    error.description());
    }
}

Result<Scenario> load_scenario(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorCode::NotFound, "scenario file '{}' cannot be opened", path);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    return parse_scenario(content, path);
}

}  // namespace janus::app
