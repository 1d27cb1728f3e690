// The support tables of the README, rendered from the tables and rules that they are about. After a
// change of those, JANUS_WRITE_SUPPORT=1 makes this test write the README anew.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "gateway/ib/support_orders.hpp"
#include "gateway/ib/wire/data_requests.hpp"
#include "gateway/ib/wire/decoders.hpp"
#include "gateway/ib/wire/error_codes.hpp"
#include "gateway/ib/wire/incoming.hpp"
#include "gateway/ib/wire/requests.hpp"
#include "gateway/ib/wire/versions.hpp"
#include "gateway/ib/wire/words.hpp"

namespace janus::ib {
namespace {

using support::joined;
using support::Names;

constexpr std::string_view readme = JANUS_SOURCE_DIR "/src/gateway/ib/README.md";
constexpr std::string_view begin_mark = "<!-- rendered by support_test.cpp -->\n";
constexpr std::string_view end_mark = "<!-- end of what is rendered -->\n";

/// The versions of the text form at which a number about it differs from the version before.
Names changes_of(const std::function<std::size_t(int)>& number) {
    Names versions;
    for (int version = wire::server_version_min + 1; version <= wire::text_version_max; ++version)
        if (number(version) != number(version - 1)) versions.push_back(std::to_string(version));
    return versions;
}

// ---- messages ----

constexpr std::int64_t message_id_max = 255;

/// How many fields a message takes at a version: what it leaves of more than enough.
std::size_t fields_read(std::int64_t id, int version) {
    constexpr std::size_t many = 400;
    std::string payload = std::to_string(id) + '\0';
    for (std::size_t i = 0; i < many; ++i) payload += std::string("0\0", 2);
    return many - wire::decode(payload, version).surplus;
}

std::string message_rows() {
    Names read;
    Names passed;
    Names changing;
    for (std::int64_t id = 0; id <= message_id_max; ++id) {
        const auto* row = wire::find_message_row(id);
        if (row == nullptr) continue;
        const auto name = fmt::format("{} {}", row->name, id);
        if (row->text.whole == wire::decode_ignored) {
            passed.push_back(name);
            continue;
        }
        read.push_back(row->bears_orders == wire::BearsOrders::Yes ? name + "*" : name);
        const auto versions = changes_of([id](int version) { return fields_read(id, version); });
        if (!versions.empty())
            changing.push_back(fmt::format("{} at {}", row->name, joined(versions)));
    }
    return fmt::format(
        "| what IB says | |\n|---|---|\n"
        "| read; `*`: one that cannot be read has the books fetched afresh | {} |\n"
        "| known and passed over | {} |\n"
        "| text layouts that get or lose fields | {} |\n\n",
        joined(read), joined(passed), joined(changing, "; "));
}

// ---- requests ----

struct RequestRow {
    std::string_view name;
    std::function<Result<std::string>(int)> write;
};

const std::vector<RequestRow>& request_rows() {
    using namespace wire;
    static const wire::Contract contract;
    static const HistoryQuery query;
    static const std::vector<RequestRow> rows{
        {"start the API",                [](int v) { return start_api(v, 1); }                         },
        {"place or change an order",     [](int v) { return place_order(v, {}); }                      },
        {"cancel an order",              [](int v) { return cancel_order(v, 1); }                      },
        {"open orders of this client",   request_open_orders                                           },
        {"open orders of all",           request_all_open_orders                                       },
        {"bind orders made by hand",     request_auto_open_orders                                      },
        {"completed orders",             request_completed_orders                                      },
        {"executions",                   [](int v) { return request_executions(v, 1); }                },
        {"positions",                    request_positions                                             },
        {"end positions",                cancel_positions                                              },
        {"account summary",              [](int v) { return request_account_summary(v, 1, "t"); }      },
        {"end account summary",          [](int v) { return cancel_account_summary(v, 1); }            },
        {"values of one account",        [](int v) { return request_account_updates(v, 1, "a"); }      },
        {"end values of one account",    [](int v) { return cancel_account_updates(v, 1); }            },
        {"positions of one account",     [](int v) { return request_account_positions(v, 1, "a"); }    },
        {"end positions of one account", [](int v) { return cancel_account_positions(v, 1); }          },
        {"profit and loss",              [](int v) { return request_profit(v, 1, "a"); }               },
        {"end profit and loss",          [](int v) { return cancel_profit(v, 1); }                     },
        {"contract details",             [](int v) { return request_contract_details(v, 1, contract); }},
        {"price grid",                   [](int v) { return request_market_rule(v, 1); }               },
        {"kind of market data",          [](int v) { return request_market_data_type(v, 1); }          },
        {"ticks",                        [](int v) { return request_market_data(v, 1, contract); }     },
        {"end ticks",                    [](int v) { return cancel_market_data(v, 1); }                },
        {"5-second bars",
         [](int v) {
             return request_real_time_bars(v, 1, contract, BarSource::Trades, BarHours::All);
         }                                                                                             },
        {"end 5-second bars",            [](int v) { return cancel_real_time_bars(v, 1); }             },
        {"bars of the past",             [](int v) { return request_historical_data(v, query); }       },
        {"end bars of the past",         [](int v) { return cancel_historical_data(v, 1); }            },
        {"beginning of the data",        [](int v) { return request_head_timestamp(v, query); }        },
        {"end beginning of the data",    [](int v) { return cancel_head_timestamp(v, 1); }             },
        {"time",                         request_current_time                                          },
    };
    return rows;
}

std::string request_table() {
    Names all;
    Names changing;
    for (const auto& row : request_rows()) {
        const auto fields_of = [&](int version) {
            const auto frame = row.write(version).value();
            return static_cast<std::size_t>(std::ranges::count(frame.substr(4), '\0'));
        };
        const auto text = row.write(wire::text_version_max).value().substr(4);
        all.push_back(fmt::format("{} {}", row.name, text.substr(0, text.find('\0'))));
        if (const auto versions = changes_of(fields_of); !versions.empty())
            changing.push_back(fmt::format("{} at {}", row.name, joined(versions)));
    }
    return fmt::format(
        "| what Janus asks | |\n|---|---|\n| requests | {} |\n| text layouts that get or lose "
        "fields | {} |\n\n",
        joined(all), joined(changing, "; "));
}

// ---- error codes ----

std::string range_text(std::int64_t first, std::int64_t last) {
    return first == last ? std::to_string(first) : fmt::format("{}-{}", first, last);
}

std::string code_table() {
    constexpr std::int64_t code_max = 20'000;
    std::map<wire::CodeClass, Names> codes;
    std::int64_t first = 0;
    for (std::int64_t code = 1; code <= code_max; ++code) {
        const auto known = wire::find_code_class(code);
        if (!known) continue;
        if (wire::find_code_class(code - 1) != known) first = code;
        if (wire::find_code_class(code + 1) != known)
            codes[*known].push_back(range_text(first, code));
    }
    std::string text =
        "| class of error codes | codes; any other one is said, and its order asked for "
        "|\n|---|---|\n";
    for (const auto& [code_class, ranges] : codes)
        text += fmt::format("| {} | {} |\n", wire::to_text(code_class), joined(ranges));
    return text;
}

// ---- the page ----

std::string rendered() {
    return fmt::format("\nText at {} to {}, protobuf at {} to {}.\n\n", wire::server_version_min,
                       wire::text_version_max, wire::protobuf_version_min,
                       wire::server_version_max) +
           support::order_table() + support::kind_table() + message_rows() + request_table() +
           code_table() + "\n";
}

std::string read_readme() {
    std::ifstream in{std::string(readme)};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

TEST(IbSupport, TheReadmeShowsWhatTheTablesSay) {
    const auto page = read_readme();
    const auto begin = page.find(begin_mark);
    const auto end = page.find(end_mark);
    ASSERT_NE(begin, std::string::npos) << "the README has lost the mark " << begin_mark;
    ASSERT_NE(end, std::string::npos) << "the README has lost the mark " << end_mark;
    const auto from = begin + begin_mark.size();
    const auto wanted = page.substr(0, from) + rendered() + page.substr(end);
    if (std::getenv("JANUS_WRITE_SUPPORT") != nullptr) std::ofstream{std::string(readme)} << wanted;
    EXPECT_EQ(read_readme(), wanted) << "JANUS_WRITE_SUPPORT=1 ib_test --gtest_filter=IbSupport.* "
                                        "writes it anew";
}

TEST(IbSupport, EveryRequestOfTheTableIsWrittenInBothForms) {
    for (const auto& row : request_rows())
        for (const int version : {wire::server_version_min, wire::text_version_max,
                                  wire::protobuf_version_min, wire::server_version_max})
            EXPECT_TRUE(row.write(version)) << row.name << " at " << version;
}

TEST(IbSupport, TheProbesSeeKnownGates) {
    EXPECT_EQ(fields_read(58, 176), 3U);  // Version, request, type.
    EXPECT_GT(fields_read(5, 193), fields_read(5, 192)) << "tagging in open orders";
    EXPECT_EQ(fields_read(11, 178), fields_read(11, 177) + 1) << "pending price revision";
}

}  // namespace
}  // namespace janus::ib
