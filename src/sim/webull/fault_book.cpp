#include "sim/webull/fault_book.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "sim/webull/endpoints.hpp"

namespace janus::sim::webull {
namespace {

constexpr auto rows = std::to_array<FaultRow>({
    {"webull", "http_status",              "endpoint=* status=500 when=before count=0",
     "Answers with this status, before or after the order is committed."                                                                                                     },
    {"webull", "no_reply",                 "endpoint=* when=after count=0",
     "Never answers, before or after the order is committed."                                                                                                                },
    {"webull", "reset",                    "endpoint=* when=after count=0",
     "Resets the connection instead of answering, before or after the order is committed."                                                                                   },
    {"webull", "latency",                  "endpoint=* ms=1000 when=after count=0",
     "Answers so much later, and looks at the call at once (after) or then (before)."                                                                                        },
    {"webull", "rate_limit",               "endpoint=* retry_after= count=0",
     "Answers 429; with retry_after (seconds) also with that header."                                                                                                        },
    {"webull", "unlimited",                "",                                                               "Switches the published rate limits off."                       },
    {"webull", "html_body",                "endpoint=* count=0",
     "Answers 200 with a page of HTML after the commit."                                                                                                                     },
    {"webull", "truncated_body",           "endpoint=* count=0",                                             "Cuts the JSON of the answer in half."                          },
    {"webull", "empty_body",               "endpoint=* count=0",                                             "Answers 200 with nothing in it."                               },
    {"webull", "huge_body",                "endpoint=* bytes=31457280 count=0",
     "Answers 200 with a JSON text of so many bytes."                                                                                                                        },
    {"webull", "bad_gzip",                 "endpoint=* count=0",                                             "Says gzip, and sends what is none."                            },
    {"webull", "redirect",                 "endpoint=* count=0",                                             "Answers 302 to a plain-text address."                          },
    {"webull", "token_state",              "app_key=* state=PENDING new_state=PENDING checks=3 then=NORMAL",
     "Demands tokens of this key; those that exist get `state`, new ones `new_state`, and a "
     "pending one "
     "becomes "
     "`then` after so many checks (0: never)."                                                                                                                               },
    {"webull", "token_life",               "seconds=600",
     "Demands tokens, and lets them live so long; those that exist no longer than that."                                                                                     },
    {"webull", "missing_account",          "account=WBSIM0000000002",
     "Leaves this account out of the list of its key."                                                                                                                       },
    {"webull", "no_fractions",             "",                                                               "Refuses fractions of shares and orders by amount."             },
    {"webull", "page_size",                "rows=10",                                                        "Gives so many rows a page at most, whatever is asked for."     },
    {"webull", "page_drift",               "",                                                               "Begins every further page with the last row of the one before."},
    {"webull", "page_stuck",               "",                                                               "Gives the first page again and again."                         },
    {"webull", "history_window",           "minutes=60",
     "Has only orders in the history that were placed in the last minutes."                                                                                                  },
    {"webull", "expired_status",           "",
     "Calls an order that ended with its day EXPIRED and not CANCELLED."                                                                                                     },
    {"webull", "clock_offset",             "seconds=300",                                                    "Shifts the server's clock."                                    },
    {"webull", "signature_variant",        "algorithm=HMAC-SHA1 host=*",
     "Accepts only this signature algorithm, at one host (rest, events) or at both."                                                                                         },
    {"webull", "generation",               "only=G3",                                                        "Knows the addresses of one generation only (G3 or G4)."        },
    {"webull", "swallow_place",            "reply=ok count=0",
     "Forgets a placement: it is answered (ok) or not (none), and never is in the books."                                                                                    },
    {"webull", "drop_ack",                 "count=0",
     "Takes a placement into the books, then resets the connection."                                                                                                         },
    {"webull", "refuse_taken",             "code=TRADE_PLACE_ORDER_REPEAT count=0",
     "Takes a placement into the books and answers 417 with this code."                                                                                                      },
    {"webull", "no_batches",               "",                                                               "Refuses batches of orders as not permitted."                   },
    {"webull", "place_failed_later",       "ms=1000 count=0",
     "Answers 200; so much later the order fails with PLACE_FAILED."                                                                                                         },
    {"webull", "event_before_reply",       "ms=2000 count=0",
     "Holds the answer to a placement, so that its events come first."                                                                                                       },
    {"webull", "cancel_failed",            "count=0",
     "Answers a cancel with 200, then sends CANCEL_FAILED; the order goes on."                                                                                               },
    {"webull", "modify_failed",            "count=0",
     "Answers a replace with 200, then sends MODIFY_FAILED; the order goes on."                                                                                              },
    {"webull", "duplicate_order_check",    "",
     "Refuses an order equal in symbol, side, price and quantity to one that works."                                                                                         },
    {"webull", "wrapped_pages",            "",                                                               "Wraps the lists of the older generation in `data`."            },
    {"webull", "production_prefix",        "",                                                               "Starts error codes with OAUTH_OPENAPI_."                       },
    {"webull", "history_lag",              "ms=3000",                                                        "Shows history as it was so long ago."                          },
    {"webull", "unknown_status",           "text=PARTIAL_FILLD",                                             "Shows this as the status of every order."                      },
    {"webull", "number_format",            "style=exponent",
     "Writes quantities of orders as 1E+2 (exponent), 100.000 (zeros) or nothing (empty)."                                                                                   },
    {"webull", "etfs_apart",               "",                                                               "Leaves ETFs out of category US_STOCK; US_ETF has them."        },
    {"webull", "certificate",              "flaw=expired",
     "Serves a certificate over TLS that is expired, not_yet_valid, wrong_name or unknown_ca."                                                                               },
    {"events", "certificate",              "flaw=expired",
     "Serves a certificate over TLS that is expired, not_yet_valid, wrong_name or unknown_ca."                                                                               },
    {"events", "stream_end",               "status=0 message=",                                              "Ends every open stream once with this status."                 },
    {"events", "stream_refuse",            "status=14 message= count=0",
     "Ends new streams at once with this status."                                                                                                                            },
    {"events", "auth_error",               "when=now count=1",
     "Sends AuthError and ends the stream: all open ones (now) or the next ones as first message "
     "(first)."                                                                                                                                                              },
    {"events", "num_of_conn_exceed",       "when=now count=1",                                               "As auth_error, with NumOfConnExceed."                          },
    {"events", "subscribe_expired",        "when=now count=1",                                               "As auth_error, with SubscribeExpired."                         },
    {"events", "stream_life",              "seconds=600",
     "Ends every new stream with SubscribeExpired after so long."                                                                                                            },
    {"events", "send_event",               "payload={}",                                                     "Sends this text as an order event, once."                      },
    {"events", "silent",                   "",                                                               "Sends pings only, whatever happens to orders."                 },
    {"events", "no_ping",                  "",                                                               "Sends no pings."                                               },
    {"events", "duplicate_events",         "times=2",                                                        "Sends every order event so many times."                        },
    {"events", "reorder_events",           "ms=500",
     "Holds an order event back until the next one went first, at most so long."                                                                                             },
    {"events", "delay_events",             "ms=1000",                                                        "Sends order events so much later."                             },
    {"events", "partial_status_submitted", "",                                                               "Gives partial fills the older status SUBMITTED."               },
    {"events", "bad_payload",              "kind=brace",
     "Sends one order event that cannot be read: brace, text_plain, huge, unknown_account, "
     "unknown_type."                                                                                                                                                         },
});

/// The words that a parameter may have; parameters that are not here are numbers or free text.
struct ChoiceRow {
    std::string_view name;
    std::string_view choices;  ///< With a blank on both sides of every word.
};
constexpr auto choice_rows = std::to_array<ChoiceRow>({
    {"when",      " before after now first "                            },
    {"state",     " PENDING NORMAL INVALID EXPIRED "                    },
    {"new_state", " PENDING NORMAL INVALID EXPIRED "                    },
    {"then",      " PENDING NORMAL INVALID EXPIRED "                    },
    {"algorithm", " HMAC-SHA1 HMAC-SHA256 "                             },
    {"host",      " * rest events "                                     },
    {"only",      " G3 G4 "                                             },
    {"reply",     " ok none "                                           },
    {"style",     " exponent zeros empty "                              },
    {"flaw",      " expired not_yet_valid wrong_name unknown_ca "       },
    {"kind",      " brace text_plain huge unknown_account unknown_type "},
});

constexpr std::array<std::string_view, 9> number_names{
    "status", "ms", "count", "bytes", "checks", "times", "seconds", "rows", "minutes"};

bool is_number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size();
}

bool is_endpoint(std::string_view text) {
    return text == "*" || std::ranges::count(endpoint_rows(), text, &EndpointRow::name) > 0;
}

Result<void> check_value(const std::string& name, const std::string& value) {
    if (name == "endpoint" && !is_endpoint(value))
        return fail(ErrorCode::Invalid, "endpoint '{}' is not known", value);
    if (std::ranges::count(number_names, name) > 0 && !is_number(value))
        return fail(ErrorCode::Invalid, "{} was '{}', not a whole number", name, value);
    const auto choice = std::ranges::find(choice_rows, name, &ChoiceRow::name);
    if (choice != choice_rows.end() &&
        (value.empty() || !choice->choices.contains(' ' + value + ' ')))
        return fail(ErrorCode::Invalid, "{} was '{}', not one of:{}", name, value, choice->choices);
    return {};
}

/// Reads `name=default name=default`.
std::map<std::string, std::string> defaults_of(const FaultRow& row) {
    std::map<std::string, std::string> values;
    auto rest = row.parameters;
    while (!rest.empty()) {
        const auto word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        const auto equals = word.find('=');
        values.emplace(word.substr(0, equals), word.substr(equals + 1));
    }
    return values;
}

const FaultRow* find_row(std::string_view target, std::string_view name) {
    for (const auto& row : rows)
        if (row.target == target && row.name == name) return &row;
    return nullptr;
}

/// The row's defaults with the order's values put over them.
Result<FaultParameters> parameters_of(const FaultRow& row, const FaultOrder& order) {
    auto values = defaults_of(row);
    for (const auto& [name, value] : order.parameters) {
        const auto place = values.find(name);
        if (place == values.end())
            return fail(ErrorCode::Invalid, "fault '{}' takes no '{}'; it takes: {}", row.name,
                        name, row.parameters.empty() ? "nothing" : row.parameters);
        if (auto checked = check_value(name, value); !checked)
            return std::unexpected(checked.error());
        place->second = value;
    }
    return FaultParameters(std::move(values));
}

bool has(const FaultParameters& parameters, const std::string& name, std::string_view value) {
    const auto found = parameters.all().find(name);
    return found == parameters.all().end() || found->second == "*" || found->second == value;
}

std::string endpoint_text(const FaultParameters& parameters) {
    const auto found = parameters.all().find("endpoint");
    return found == parameters.all().end() ? "" : found->second;
}

}  // namespace

const std::string& FaultParameters::text(const std::string& name) const {
    const auto found = values_.find(name);
    JANUS_CHECK(found != values_.end());
    return found->second;
}

int FaultParameters::integer(const std::string& name) const {
    const auto& value = text(name);
    int number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
}

Duration FaultParameters::milliseconds(const std::string& name) const {
    return std::chrono::milliseconds(integer(name));
}

std::span<const FaultRow> fault_rows() {
    return rows;
}

Result<void> FaultBook::set(const FaultOrder& order) {
    const auto* row = find_row(order.target, order.name);
    if (row == nullptr)
        return fail(ErrorCode::NotFound, "fault '{}' of target '{}' is not known", order.name,
                    order.target);
    auto parameters = parameters_of(*row, order);
    if (!parameters) return std::unexpected(parameters.error());
    // Switching off without an endpoint ends the fault on every endpoint.
    const bool everywhere = !order.enabled && !order.parameters.contains("endpoint");
    std::erase_if(active_, [&](const Active& active) {
        return active.row == row &&
               (everywhere || endpoint_text(active.parameters) == endpoint_text(*parameters));
    });
    if (!order.enabled) return {};
    const bool counted = parameters->all().contains("count");
    const int left = counted ? parameters->integer("count") : 0;
    active_.push_back({row, std::move(*parameters), left});
    return {};
}

const FaultParameters* FaultBook::find(std::string_view name) const {
    for (const auto& active : active_)
        if (active.row->name == name) return &active.parameters;
    return nullptr;
}

std::optional<FaultParameters> FaultBook::use(std::string_view name) {
    return use_at(name, "*", "");
}

std::optional<FaultParameters> FaultBook::use_at(std::string_view name, std::string_view endpoint,
                                                 std::string_view when) {
    for (std::size_t place = 0; place < active_.size(); ++place) {
        const auto& active = active_[place];
        const bool here = endpoint == "*" || has(active.parameters, "endpoint", endpoint);
        const bool now = when.empty() || has(active.parameters, "when", when);
        if (active.row->name == name && here && now) return take(place);
    }
    return std::nullopt;
}

std::vector<FaultOrder> FaultBook::active() const {
    std::vector<FaultOrder> orders;
    for (const auto& active : active_)
        orders.push_back({std::string(active.row->target), std::string(active.row->name), true,
                          active.parameters.all()});
    return orders;
}

std::optional<FaultParameters> FaultBook::take(std::size_t place) {
    auto parameters = active_[place].parameters;
    auto& left = active_[place].left;
    if (left > 0 && --left == 0)
        active_.erase(active_.begin() + static_cast<std::ptrdiff_t>(place));
    return parameters;
}

}  // namespace janus::sim::webull
