#pragma once

#include <string>

#include "gateway/ib/fake_messages.hpp"

/// For tests: instruments and positions as the broker sends them, written by hand.
namespace janus::ib::fake {

struct ContractText {
    std::string conid{"265598"};
    std::string symbol{"AAPL"};
    std::string type{"STK"};
    std::string last_trade_date;
    std::string strike{"0"};
    std::string right{"?"};
    std::string exchange{"SMART"};
    std::string currency{"USD"};
    std::string local{"AAPL"};
    std::string trading_class{"NMS"};
    std::string tick_min{"0.01"};
    std::string multiplier;
    std::string name{"APPLE INC"};
    std::string primary{"NASDAQ"};
    std::string month;
    std::string order_types{"LMT,MKT"};
};

inline ContractText nasdaq_future() {
    return {"620730920", "NQ",   "FUT", "20260320",          "0", "0",     "CME", "USD", "NQH6",
            "NQ",        "0.25", "20",  "E-mini NASDAQ 100", "",  "202603"};
}

inline ContractText apple_option() {
    return {"700000001", "AAPL", "OPT",
            "20260320",  "150",  "C",
            "SMART",     "USD",  "AAPL  260320C00150000",
            "AAPL",      "0.01", "100",
            "APPLE INC", "",     "202603"};
}

/// contractData, section 7.6.
inline Fields contract_data(const std::string& request, const ContractText& text,
                            int version = 200) {
    Fields out{"10", request, text.symbol, text.type, text.last_trade_date};
    if (version >= 182) out.push_back(text.last_trade_date);
    append(out, {text.strike,
                 text.right,
                 text.exchange,
                 text.currency,
                 text.local,
                 text.trading_class,
                 text.trading_class,
                 text.conid,
                 text.tick_min,
                 text.multiplier,
                 text.order_types,
                 "SMART,NASDAQ",
                 "1",
                 "0",
                 text.name,
                 text.primary,
                 text.month,
                 "Technology",
                 "Computers",
                 "Computers",
                 "US/Eastern",
                 "hours",
                 "hours",
                 "",
                 "",
                 "1",
                 "ISIN",
                 "US0378331005",
                 "1",
                 "",
                 "",
                 "26,26",
                 "",
                 "COMMON",
                 "0.0001",
                 "0.0001",
                 "100"});
    if (version >= 179 && text.type == "FUND") append(out, Fields(17, ""));
    if (version >= 186) out.emplace_back("0");
    return out;
}

inline Fields contract_end(const std::string& request) {
    return {"52", "1", request};
}

inline Fields position(const std::string& account, const ContractText& text,
                       const std::string& quantity, const std::string& cost) {
    return {"61",
            "3",
            account,
            text.conid,
            text.symbol,
            text.type,
            text.last_trade_date,
            text.strike,
            text.right,
            text.multiplier,
            text.primary,
            text.currency,
            text.local,
            text.trading_class,
            quantity,
            cost};
}

}  // namespace janus::ib::fake
