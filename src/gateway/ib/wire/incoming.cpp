#include "gateway/ib/wire/incoming.hpp"

#include <algorithm>
#include <array>

#include "gateway/ib/wire/decoders.hpp"

namespace janus::ib::wire {
namespace {

constexpr auto no = BearsOrders::No;
constexpr auto yes = BearsOrders::Yes;

constexpr auto incoming = std::to_array<MessageRow>({
    {1,   "TICK_PRICE",               no,  decode_tick_price           },
    {2,   "TICK_SIZE",                no,  decode_tick_size            },
    {3,   "ORDER_STATUS",             yes, decode_order_status         },
    {4,   "ERROR",                    yes, decode_error                },
    {5,   "OPEN_ORDER",               yes, decode_open_order           },
    {6,   "ACCOUNT_VALUE",            no,  decode_ignored              },
    {7,   "PORTFOLIO_VALUE",          no,  decode_ignored              },
    {8,   "ACCOUNT_UPDATE_TIME",      no,  decode_ignored              },
    {9,   "NEXT_VALID_ID",            no,  decode_next_valid_id        },
    {10,  "CONTRACT_DATA",            no,  decode_contract_data        },
    {11,  "EXECUTION_DETAILS",        yes, decode_execution_details    },
    {14,  "NEWS_BULLETIN",            no,  decode_ignored              },
    {15,  "MANAGED_ACCOUNTS",         no,  decode_managed_accounts     },
    {17,  "HISTORICAL_DATA",          no,  decode_historical_data      },
    {18,  "BOND_CONTRACT_DATA",       no,  decode_bond_contract_data   },
    {21,  "TICK_OPTION_COMPUTATION",  no,  decode_ignored              },
    {45,  "TICK_GENERIC",             no,  decode_tick_generic         },
    {46,  "TICK_STRING",              no,  decode_tick_string          },
    {47,  "TICK_EFP",                 no,  decode_ignored              },
    {49,  "CURRENT_TIME",             no,  decode_current_time         },
    {50,  "REAL_TIME_BAR",            no,  decode_real_time_bar        },
    {52,  "CONTRACT_DATA_END",        no,  decode_contract_data_end    },
    {53,  "OPEN_ORDER_END",           yes, decode_open_order_end       },
    {54,  "ACCOUNT_DOWNLOAD_END",     no,  decode_ignored              },
    {55,  "EXECUTION_DETAILS_END",    yes, decode_execution_details_end},
    {56,  "DELTA_NEUTRAL_VALIDATION", no,  decode_ignored              },
    {57,  "TICK_SNAPSHOT_END",        no,  decode_ignored              },
    {58,  "MARKET_DATA_TYPE",         no,  decode_market_data_type     },
    {59,  "COMMISSION_REPORT",        yes, decode_commission_report    },
    {61,  "POSITION",                 yes, decode_position             },
    {62,  "POSITION_END",             yes, decode_position_end         },
    {63,  "ACCOUNT_SUMMARY",          no,  decode_account_summary      },
    {64,  "ACCOUNT_SUMMARY_END",      no,  decode_account_summary_end  },
    {71,  "POSITION_MULTI",           yes, decode_account_position     },
    {72,  "POSITION_MULTI_END",       yes, decode_account_position_end },
    {73,  "ACCOUNT_UPDATE_MULTI",     no,  decode_account_update       },
    {74,  "ACCOUNT_UPDATE_MULTI_END", no,  decode_account_update_end   },
    {81,  "TICK_REQUEST_PARAMETERS",  no,  decode_ignored              },
    {88,  "HEAD_TIMESTAMP",           no,  decode_head_timestamp       },
    {90,  "HISTORICAL_DATA_UPDATE",   no,  decode_ignored              },
    {91,  "REROUTE_MARKET_DATA",      no,  decode_ignored              },
    {93,  "MARKET_RULE",              no,  decode_market_rule          },
    {94,  "PROFIT_AND_LOSS",          no,  decode_profit_and_loss      },
    {95,  "PROFIT_AND_LOSS_SINGLE",   no,  decode_ignored              },
    {100, "ORDER_BOUND",              no,  decode_ignored              },
    {101, "COMPLETED_ORDER",          yes, decode_completed_order      },
    {102, "COMPLETED_ORDERS_END",     yes, decode_completed_orders_end },
    {108, "HISTORICAL_DATA_END",      no,  decode_historical_data_end  },
    {109, "CURRENT_TIME_IN_MILLIS",   no,  decode_ignored              },
});
static_assert(std::ranges::is_sorted(incoming, {}, &MessageRow::id));
static_assert(std::ranges::adjacent_find(incoming, {}, &MessageRow::id) == incoming.end());

constexpr std::size_t id_end = incoming.back().id + 1;

/// Index: message id. Ticks find their row without a search.
constexpr auto row_of_id = [] {
    std::array<const MessageRow*, id_end> rows{};
    for (const auto& row : incoming) rows[static_cast<std::size_t>(row.id)] = &row;
    return rows;
}();

Result<Message> read_whole(const TextReading& reading, FieldReader& in) {
    if (reading.whole != nullptr) return reading.whole(in);
    TickMessage tick;
    reading.tick(in, tick);
    return in.finish<Message>(tick);
}

}  // namespace

const MessageRow* find_message_row(std::int64_t id) {
    const auto index = static_cast<std::uint64_t>(id);  // Negative ones are beyond the end, too.
    return index < id_end ? row_of_id[index] : nullptr;
}

bool decode_tick(std::string_view payload, int server_version, TickMessage& tick) {
    FieldReader in(payload, server_version);
    const auto* row = find_message_row(in.integer());
    if (row == nullptr || row->text.tick == nullptr) return false;
    tick = {};
    row->text.tick(in, tick);
    return in.is_read_exactly();
}

Incoming decode(std::string_view payload, int server_version) {
    FieldReader in(payload, server_version);
    Incoming out;
    out.id = in.integer();
    if (const auto readable = in.finish<Message>(Ignored{}); !readable) {
        out.id = -1;
        out.message = std::unexpected(readable.error());
        return out;
    }
    out.row = find_message_row(out.id);
    if (out.row == nullptr) return out;
    out.message = read_whole(out.row->text, in);
    out.surplus = in.rest();
    return out;
}

}  // namespace janus::ib::wire
