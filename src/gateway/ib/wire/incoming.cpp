#include "gateway/ib/wire/incoming.hpp"

#include <algorithm>
#include <array>

#include "gateway/ib/wire/decoders.hpp"
#include "gateway/ib/wire/proto_decoders.hpp"
#include "gateway/ib/wire/versions.hpp"

namespace janus::ib::wire {
namespace {

constexpr auto no = BearsOrders::No;
constexpr auto yes = BearsOrders::Yes;

constexpr auto incoming = std::to_array<MessageRow>({
    {1,   "TICK_PRICE",               no,  decode_tick_price,            proto::tick_price           },
    {2,   "TICK_SIZE",                no,  decode_tick_size,             proto::tick_size            },
    {3,   "ORDER_STATUS",             yes, decode_order_status,          proto::order_status         },
    {4,   "ERROR",                    yes, decode_error,                 proto::error                },
    {5,   "OPEN_ORDER",               yes, decode_open_order,            proto::open_order           },
    {6,   "ACCOUNT_VALUE",            no,  decode_ignored,               proto::ignored              },
    {7,   "PORTFOLIO_VALUE",          no,  decode_ignored,               proto::ignored              },
    {8,   "ACCOUNT_UPDATE_TIME",      no,  decode_ignored,               proto::ignored              },
    {9,   "NEXT_VALID_ID",            no,  decode_next_valid_id,         proto::next_valid_id        },
    {10,  "CONTRACT_DATA",            no,  decode_contract_data,         proto::contract_data        },
    {11,  "EXECUTION_DETAILS",        yes, decode_execution_details,     proto::execution_details    },
    {14,  "NEWS_BULLETIN",            no,  decode_ignored,               proto::ignored              },
    {15,  "MANAGED_ACCOUNTS",         no,  decode_managed_accounts,      proto::managed_accounts     },
    {17,  "HISTORICAL_DATA",          no,  decode_historical_data,       proto::historical_data      },
    {18,  "BOND_CONTRACT_DATA",       no,  decode_bond_contract_data,    proto::contract_data        },
    {21,  "TICK_OPTION_COMPUTATION",  no,  decode_ignored,               proto::ignored              },
    {45,  "TICK_GENERIC",             no,  decode_tick_generic,          proto::tick_generic         },
    {46,  "TICK_STRING",              no,  decode_tick_string,           proto::tick_string          },
    {47,  "TICK_EFP",                 no,  decode_ignored,               proto::ignored              },
    {49,  "CURRENT_TIME",             no,  decode_current_time,          proto::current_time         },
    {50,  "REAL_TIME_BAR",            no,  decode_real_time_bar,         proto::real_time_bar        },
    {52,  "CONTRACT_DATA_END",        no,  decode_contract_data_end,     proto::contract_data_end    },
    {53,  "OPEN_ORDER_END",           yes, decode_open_order_end,        proto::open_order_end       },
    {54,  "ACCOUNT_DOWNLOAD_END",     no,  decode_ignored,               proto::ignored              },
    {55,  "EXECUTION_DETAILS_END",    yes, decode_execution_details_end, proto::execution_details_end},
    {56,  "DELTA_NEUTRAL_VALIDATION", no,  decode_ignored,               proto::ignored              },
    {57,  "TICK_SNAPSHOT_END",        no,  decode_ignored,               proto::ignored              },
    {58,  "MARKET_DATA_TYPE",         no,  decode_market_data_type,      proto::market_data_type     },
    {59,  "COMMISSION_REPORT",        yes, decode_commission_report,     proto::commission_report    },
    {61,  "POSITION",                 yes, decode_position,              proto::position             },
    {62,  "POSITION_END",             yes, decode_position_end,          proto::position_end         },
    {63,  "ACCOUNT_SUMMARY",          no,  decode_account_summary,       proto::account_summary      },
    {64,  "ACCOUNT_SUMMARY_END",      no,  decode_account_summary_end,   proto::account_summary_end  },
    {71,  "POSITION_MULTI",           yes, decode_account_position,      proto::account_position     },
    {72,  "POSITION_MULTI_END",       yes, decode_account_position_end,  proto::account_position_end },
    {73,  "ACCOUNT_UPDATE_MULTI",     no,  decode_account_update,        proto::account_update       },
    {74,  "ACCOUNT_UPDATE_MULTI_END", no,  decode_account_update_end,    proto::account_update_end   },
    {81,  "TICK_REQUEST_PARAMETERS",  no,  decode_ignored,               proto::ignored              },
    {88,  "HEAD_TIMESTAMP",           no,  decode_head_timestamp,        proto::head_timestamp       },
    {90,  "HISTORICAL_DATA_UPDATE",   no,  decode_ignored,               proto::ignored              },
    {91,  "REROUTE_MARKET_DATA",      no,  decode_ignored,               proto::ignored              },
    {93,  "MARKET_RULE",              no,  decode_market_rule,           proto::market_rule          },
    {94,  "PROFIT_AND_LOSS",          no,  decode_profit_and_loss,       proto::profit_and_loss      },
    {95,  "PROFIT_AND_LOSS_SINGLE",   no,  decode_ignored,               proto::ignored              },
    {100, "ORDER_BOUND",              no,  decode_order_bound,           proto::order_bound          },
    {101, "COMPLETED_ORDER",          yes, decode_completed_order,       proto::completed_order      },
    {102, "COMPLETED_ORDERS_END",     yes, decode_completed_orders_end,  proto::completed_orders_end },
    {108, "HISTORICAL_DATA_END",      no,  decode_historical_data_end,   proto::historical_data_end  },
    {109, "CURRENT_TIME_IN_MILLIS",   no,  decode_ignored,               proto::ignored              },
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

template <typename Reader>
Result<Message> read_whole(const Reading<Reader>& reading, Reader& in) {
    if (reading.whole != nullptr) return reading.whole(in);
    TickMessage tick;
    reading.tick(in, tick);
    return in.template finish<Message>(tick);
}

/// A payload of the binary generation, behind its id.
struct Split {
    std::int64_t id{-1};
    bool protobuf{false};
    std::string_view body;
};

/// Nothing when there are not even the four bytes of an id, high byte first.
std::optional<Split> split(std::string_view payload) {
    if (payload.size() < binary_id_size) return std::nullopt;
    std::uint32_t id = 0;
    for (const char byte : payload.substr(0, binary_id_size))
        id = (id << 8U) | static_cast<unsigned char>(byte);
    const bool protobuf = id > protobuf_id_offset;
    return Split{protobuf ? id - protobuf_id_offset : id, protobuf, payload.substr(binary_id_size)};
}

bool decode_protobuf_tick(std::string_view payload, TickMessage& tick) {
    const auto parts = split(payload);
    if (!parts || !parts->protobuf) return false;
    const auto* row = find_message_row(parts->id);
    if (row == nullptr || row->protobuf.tick == nullptr) return false;
    ProtoTrouble trouble;
    ProtoReader in(parts->body, trouble);
    tick = {};
    row->protobuf.tick(in, tick);
    return !trouble.problem && trouble.surplus == 0;
}

void decode_protobuf(std::string_view body, Incoming& out) {
    ProtoTrouble trouble;
    ProtoReader in(body, trouble);
    out.message = read_whole(out.row->protobuf, in);
    out.surplus = trouble.surplus;
}

/// The fields behind a message id.
void decode_fields(FieldReader& in, Incoming& out) {
    out.row = find_message_row(out.id);
    if (out.row == nullptr) return;
    out.message = read_whole(out.row->text, in);
    out.surplus = in.rest();
}

Incoming decode_behind_binary_id(std::string_view payload, int server_version) {
    Incoming out;
    const auto parts = split(payload);
    if (!parts) {
        out.message = fail(ErrorCode::Malformed, "message of {} bytes had no id", payload.size());
        return out;
    }
    out.id = parts->id;
    if (!parts->protobuf) {
        FieldReader in(parts->body, server_version);
        decode_fields(in, out);
        return out;
    }
    out.row = find_message_row(out.id);
    if (out.row != nullptr) decode_protobuf(parts->body, out);
    return out;
}

}  // namespace

const MessageRow* find_message_row(std::int64_t id) {
    const auto index = static_cast<std::uint64_t>(id);  // Negative ones are beyond the end, too.
    return index < id_end ? row_of_id[index] : nullptr;
}

bool decode_odd_tick(std::string_view payload, int server_version, TickMessage& tick) {
    if (server_version >= gate::binary_ids) return decode_protobuf_tick(payload, tick);
    FieldReader in(payload, server_version);
    const auto* row = find_message_row(in.integer());
    if (row == nullptr || row->text.tick == nullptr) return false;
    tick = {};
    row->text.tick(in, tick);
    return in.is_read_exactly();
}

Incoming decode(std::string_view payload, int server_version) {
    if (server_version >= gate::binary_ids) return decode_behind_binary_id(payload, server_version);
    FieldReader in(payload, server_version);
    Incoming out;
    out.id = in.integer();
    if (const auto readable = in.finish<Message>(Ignored{}); !readable) {
        out.id = -1;
        out.message = std::unexpected(readable.error());
        return out;
    }
    decode_fields(in, out);
    return out;
}

}  // namespace janus::ib::wire
