#include "sim/ib/fault_box.hpp"

#include <algorithm>
#include <array>

namespace janus::sim::ib {
namespace {

constexpr std::string_view target = "ib";

// Parameters are separated by `;`, the name first. `count`: how many times, 0 or none until off.
constexpr auto fault_rows = std::to_array<FaultRow>({
    {"ib", "refuse_connect",              "count",                                                                  "Closes a connection as soon as it is accepted."                       },
    {"ib", "accept_then_close",           "count",                                                                  "Closes a connection at its first bytes."                              },
    {"ib", "server_version",              "version; count",                                                         "Answers the handshake with this version."                             },
    {"ib", "client_id_busy",              "count",                                                                  "Answers startApi with 326 and closes."                                },
    {"ib", "no_start",                    "count",                                                                  "Stays silent after startApi."                                         },
    {"ib", "lower_next_valid_id",         "to (1); count",                                                          "Sends a nextValidId that was used before."                            },
    {"ib", "accounts",                    "list (comma separated)",                                                 "Sends this list of managed accounts."                                 },
    {"ib", "freeze",                      "",                                                                       "Answers nothing; what came meanwhile is done when it is switched off."},
    {"ib", "split_writes",                "",                                                                       "Sends one byte at a time."                                            },
    {"ib", "disconnect_all",              "",                                                                       "Closes every connection now."                                         },
    {"ib", "pacing_limit",                "per_second (50)",
     "Answers 100 above the rate and closes at the third offence."                                                                                                                         },
    {"ib", "upstream_lost",               "repeat (1)",                                                             "Sends 1100, so often; prices stop. Off: 1102."                        },
    {"ib", "upstream_restored",           "",                                                                       "Sends 1102; prices go on."                                            },
    {"ib", "upstream_restored_lost_data", "",                                                                       "Sends 1101; subscriptions of prices are gone."                        },
    {"ib", "farm_flap",                   "repeat (1)",                                                             "Sends 2103 and 2105, then 2104 and 2106, so often."                   },
    {"ib", "farm_broken",                 "",                                                                       "Sends 2103 and stops prices; off: 2104. Orders go on."                },
    {"ib", "read_only",                   "",                                                                       "Refuses orders with 321; completed orders are never answered."        },
    {"ib", "withhold_end",
     "which (positions, open_orders, executions, completed, account, summary); count",                              "Answers without the end marker."                                      },
    {"ib", "empty_snapshot",              "which (positions, open_orders, executions); count",
     "Answers with the end marker only."                                                                                                                                                   },
    {"ib", "swallow_place",               "delay_ms (0: never); count",
     "An order gets no answer and reaches the book late or never."                                                                                                                         },
    {"ib", "drop_ack",                    "count",
     "An order is placed; its client hears nothing of it until it asks."                                                                                                                   },
    {"ib", "close_after_place",           "count",                                                                  "An order is placed, then the connection is closed."                   },
    {"ib", "reject_orders",               "code (201); text; count",                                                "Refuses an order at once."                                            },
    {"ib", "reject_after_ack",            "code (201); text; delay_ms (500); count",
     "Accepts an order, then rejects it."                                                                                                                                                  },
    {"ib", "hold_orders",                 "delay_ms (2000); count",
     "Shows an order as Inactive with 404 while shares are located, then lets it live."                                                                                                    },
    {"ib", "order_notice",                "code (399); text; count",                                                "Sends a notice for an order that lives."                              },
    {"ib", "cancel_refused",              "code (10148); text; count",                                              "Refuses a cancel; the order lives."                                   },
    {"ib", "cancel_without_status",       "count",                                                                  "Confirms a cancel with 202 only."                                     },
    {"ib", "slow_cancel",                 "delay_ms (500); count",
     "Shows PendingCancel first; until the cancel arrives the order can fill."                                                                                                             },
    {"ib", "fill_after_cancel",           "delay_ms (100); count",                                                  "An order fills after its cancel."                                     },
    {"ib", "overfill",                    "quantity (1); count",                                                    "A filled order fills further."                                        },
    {"ib", "fill_without_status",         "count",                                                                  "An order gets execDetails, never a status."                           },
    {"ib", "duplicate_executions",        "times (3); count",                                                       "Sends an execDetails several times."                                  },
    {"ib", "message_order",               "order (of the letters E, O, S, C); count",
     "Sends execution, openOrder, status and commission of a fill in this order."                                                                                                          },
    {"ib", "execution_correction",        "quantity; price",
     "Corrects the last execution now; quantity 0 busts it."                                                                                                                               },
    {"ib", "delayed_data",                "",                                                                       "Offers delayed prices only (10167, type 3)."                          },
    {"ib", "no_market_data",              "code (354); text",                                                       "Refuses prices and stops those that flow."                            },
    {"ib", "stop_ticks",                  "symbol (all)",                                                           "Prices stop without a word."                                          },
    {"ib", "no_quote",                    "symbol (all)",                                                           "Sends -1 for bid, ask and last; off: prices again."                   },
    {"ib", "lines_limit",                 "lines (100)",                                                            "Answers 101 to more price subscriptions."                             },
    {"ib", "account_not_ready",           "",                                                                       "Says AccountReady=false of every account; off: true."                 },
    {"ib", "adviser",                     "master (DF1000000)",
     "The login is an adviser's: a master account before its own."                                                                                                                         },
    {"ib", "history_pacing",              "most (60)",
     "Answers 162 to questions about the past that come too fast."                                                                                                                         },
    {"ib", "port_changed",                "port (4003)",
     "Sends 1300 with this port and closes every connection, now."                                                                                                                         },
    {"ib", "unknown_message",             "id (9999)",                                                              "Sends a message that nobody knows, now."                              },
    {"ib", "unsolicited",                 "",                                                                       "Sends a completedOrder, a positionEnd and a contractDataEnd, now."    },
    {"ib", "bad_frame",                   "length (4294967295)",                                                    "Sends this length of a frame, now."                                   },
    {"ib", "field_count",                 "change (-2); count",                                                     "Sends openOrder with fewer or more fields."                           },
    {"ib", "market_phase",                "phase (closed, regular, extended, overnight)",
     "Moves the exchange's day on, for both brokers; off: the regular session."                                                                                                            },
    {"ib", "deactivate_orders",           "",
     "Takes every live order out of the market (Inactive), as if by hand; off: puts it back."                                                                                              },
    {"ib", "modify_refused",              "code (105); text; count",
     "Refuses a change of an order; the order lives."                                                                                                                                      },
    {"ib", "modify_without_answer",       "apply (1: yes, 0: no); count",
     "Changes an order, or does not, and says nothing until the client asks."                                                                                                              },
    {"ib", "preview_without_answer",      "count",                                                                  "Answers no what-if."                                                  },
    {"ib", "send_message",                "fields (separated by |)",                                                "Sends this message to every client, now."                             },
    {"ib", "withhold_message",            "message (its id, all); count",                                           "Keeps a message back."                                                },
    {"ib", "change_field",                "message (its id, all); field (1: the first behind the id); text; count",
     "Sends a message with another text in one field."                                                                                                                                     },
    {"ib", "order_words",                 "type (XYZ); time_in_force (FOO); count",
     "Shows an order with words that nobody knows."                                                                                                                                        },
});

constexpr auto number_parameters = std::to_array<std::string_view>(
    {"count", "version", "to", "per_second", "repeat", "delay_ms", "code", "times", "quantity",
     "price", "lines", "most", "port", "id", "change", "field", "length", "apply"});

const FaultRow* find_row(std::string_view name) {
    const auto* row = std::ranges::find(fault_rows, name, &FaultRow::name);
    return row == fault_rows.end() ? nullptr : row;
}

/// True when `key` is the first word of one of the row's parameters.
bool takes(const FaultRow& row, std::string_view key) {
    auto list = row.parameters;
    while (!list.empty()) {
        while (list.starts_with(' ')) list.remove_prefix(1);
        const auto parameter = list.substr(0, list.find(';'));
        if (parameter.substr(0, parameter.find(' ')) == key) return true;
        list.remove_prefix(std::min(list.size(), parameter.size() + 1));
    }
    return false;
}

Result<void> check_parameters(const FaultRow& row, const FaultOrder& order) {
    for (const auto& [key, value] : order.parameters) {
        if (!takes(row, key))
            return fail(ErrorCode::Invalid, "fault '{}' takes no '{}'; it takes: {}", row.name, key,
                        row.parameters.empty() ? "nothing" : row.parameters);
        const bool number = std::ranges::find(number_parameters, key) != number_parameters.end();
        if (number && !Decimal::parse(value))
            return fail(ErrorCode::Invalid, "'{}' of fault '{}' was '{}', which is no number", key,
                        row.name, value);
    }
    return {};
}

}  // namespace

std::span<const FaultRow> FaultBox::rows() {
    return fault_rows;
}

Result<void> FaultBox::set(const FaultOrder& order) {
    const auto* row = find_row(order.name);
    if (order.target != target || row == nullptr)
        return fail(ErrorCode::NotFound, "target '{}' has no fault '{}'", order.target, order.name);
    if (auto checked = check_parameters(*row, order); !checked) return checked;
    auto& fault = faults_[order.name];
    fault.on = order.enabled;
    if (order.enabled) fault.parameters = {order.parameters.begin(), order.parameters.end()};
    fault.left = integer_of(order.name, "count", 0);
    return {};
}

void FaultBox::switch_off(std::string_view name) {
    if (const auto found = faults_.find(name); found != faults_.end()) found->second.on = false;
}

bool FaultBox::is_on(std::string_view name) const {
    const auto found = faults_.find(name);
    return found != faults_.end() && found->second.on;
}

bool FaultBox::strikes(std::string_view name) {
    const auto found = faults_.find(name);
    if (found == faults_.end() || !found->second.on) return false;
    if (found->second.left > 0 && --found->second.left == 0) found->second.on = false;
    return true;
}

std::string FaultBox::text_of(std::string_view name, std::string_view key,
                              std::string_view fallback) const {
    const auto found = faults_.find(name);
    if (found == faults_.end()) return std::string(fallback);
    const auto parameter = found->second.parameters.find(key);
    return parameter == found->second.parameters.end() ? std::string(fallback) : parameter->second;
}

std::int64_t FaultBox::integer_of(std::string_view name, std::string_view key,
                                  std::int64_t fallback) const {
    const auto number = find_number(name, key);
    return number ? number->units() / Decimal::units_per_one : fallback;
}

std::optional<Decimal> FaultBox::find_number(std::string_view name, std::string_view key) const {
    const auto number = Decimal::parse(text_of(name, key, ""));
    return number ? std::optional(*number) : std::nullopt;
}

std::vector<std::string> FaultBox::active() const {
    std::vector<std::string> names;
    for (const auto& [name, fault] : faults_)
        if (fault.on) names.push_back(name);
    return names;
}

}  // namespace janus::sim::ib
