#pragma once

#include <string>

#include <google/protobuf/repeated_field.h>

#include "cli/command.hpp"
#include "janus/v1/janus.pb.h"

/// How commands show orders.
namespace janus::cli {

Table order_table(const google::protobuf::RepeatedPtrField<v1::Order>& orders);
/// One order as a table of one row.
void show_order(Session& session, const v1::Order& order);
/// `order 7 BUY 10 AAPL LIMIT limit 190.5 DAY: WORKING (note)`
std::string outcome_text(const v1::Order& order);
/// The figures of a preview, one line each; what the broker did not say is left out.
Table preview_table(const v1::OrderPreview& preview);

}  // namespace janus::cli
