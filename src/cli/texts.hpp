#pragma once

#include <string>

#include "janus/v1/janus.pb.h"

/// How numbers and their origin are written for people. The JSON output never passes through here.
namespace janus::cli {

/// A price with at least two decimals; empty stays empty.
std::string shown_price(const std::string& decimal);
/// Money with two decimals and thousands separators; empty stays empty.
std::string shown_money(const std::string& decimal);
/// `ib:last live 0.4s`, or why there is no value. Each number shows its source, quality and age.
std::string source_text(const v1::Valuation& valuation);
/// `unmapped`, `stale`: what a person must know about a position.
std::string position_note(const v1::Position& position);
/// `BUY 10 AAPL LIMIT 190.5 DAY`
std::string order_text(const v1::Order& order);
/// `1.5`, `2%`, or nothing.
std::string trail_text(const v1::Order& order);
/// `AAPL 190.10 x 300 / 190.12 x 200 last 190.11 live 0.2s`
std::string quote_text(const v1::Quote& quote);
/// `0.4s`, `12s`, `3m`, `2h`
std::string age_text(double seconds);

}  // namespace janus::cli
