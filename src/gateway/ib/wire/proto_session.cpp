// Session, errors, accounts and positions of the protobuf generation.
#include "gateway/ib/wire/decoders.hpp"
#include "gateway/ib/wire/field_reader.hpp"
#include "gateway/ib/wire/proto_decoders.hpp"

namespace janus::ib::wire::proto {
namespace {

/// A message of one number, whatever it is called.
struct OneNumber {
    std::int64_t number{0};
};
constexpr auto one_number = layout_of<1>({integer<&OneNumber::number>(1)});

std::int64_t number_in(ProtoReader& in) {
    OneNumber out;
    read_fields(in, out, one_number);
    return out.number;
}

constexpr ProtoLayout<Ignored, 0> no_fields{};

constexpr auto order_bound_fields = layout_of<3>({
    integer<&OrderBound::permanent>(1),
    integer<&OrderBound::client>(2),
    integer<&OrderBound::order>(3),
});

constexpr auto market_data_type_fields = layout_of<2>({
    integer<&MarketDataType::request>(1),
    integer<&MarketDataType::type>(2),
});

void read_error_text(ProtoReader& in, ErrorMessage& out) {
    out.text = unescaped(in.text());
}
constexpr auto error_fields = layout_of<5>({
    integer<&ErrorMessage::id>(1),
    integer<&ErrorMessage::code>(3),
    ProtoField<ErrorMessage>{4, read_error_text},
});

constexpr auto account_summary_fields = layout_of<5>({
    integer<&AccountSummary::request>(1),
    text<&AccountSummary::account>(2),
    text<&AccountSummary::tag>(3),
    text<&AccountSummary::value>(4),
    text<&AccountSummary::currency>(5),
});

void read_position_contract(ProtoReader& in, PositionRow& out) {
    read_contract(in.message(), out.contract);
}
constexpr auto position_fields = layout_of<4>({
    text<&PositionRow::account>(1),
    ProtoField<PositionRow>{2, read_position_contract},
    needed_quantity<&PositionRow::quantity>(3),
    binary<&PositionRow::average_cost>(4),
});

}  // namespace

Result<Message> ignored(ProtoReader& in) {
    while (in.next()) continue;
    return in.finish<Message>(Ignored{});
}

Result<Message> market_data_type(ProtoReader& in) {
    MarketDataType out;
    read_fields(in, out, market_data_type_fields);
    return in.finish<Message>(out);
}

Result<Message> error(ProtoReader& in) {
    ErrorMessage out;
    read_fields(in, out, error_fields);
    return in.finish<Message>(std::move(out));
}

Result<Message> next_valid_id(ProtoReader& in) {
    const NextValidId out{number_in(in)};
    return in.finish<Message>(out);
}

Result<Message> order_bound(ProtoReader& in) {
    OrderBound out;
    read_fields(in, out, order_bound_fields);
    return in.finish<Message>(out);
}

Result<Message> managed_accounts(ProtoReader& in) {
    struct List {
        std::string_view codes;
    } list;
    static constexpr auto fields = layout_of<1>({text<&List::codes>(1)});
    read_fields(in, list, fields);
    return in.finish<Message>(ManagedAccounts{split_codes(list.codes)});
}

Result<Message> current_time(ProtoReader& in) {
    const CurrentTime out{number_in(in)};
    return in.finish<Message>(out);
}

Result<Message> position(ProtoReader& in) {
    PositionRow out;
    if (!read_fields(in, out, position_fields).has(3)) in.refuse("position had no quantity");
    return in.finish<Message>(std::move(out));
}

Result<Message> position_end(ProtoReader& in) {
    Ignored none;
    read_fields(in, none, no_fields);
    return in.finish<Message>(PositionEnd{});
}

Result<Message> account_summary(ProtoReader& in) {
    AccountSummary out;
    read_fields(in, out, account_summary_fields);
    return in.finish<Message>(std::move(out));
}

Result<Message> account_summary_end(ProtoReader& in) {
    const AccountSummaryEnd out{number_in(in)};
    return in.finish<Message>(out);
}

Result<Message> open_order_end(ProtoReader& in) {
    Ignored none;
    read_fields(in, none, no_fields);
    return in.finish<Message>(OpenOrderEnd{});
}

Result<Message> completed_orders_end(ProtoReader& in) {
    Ignored none;
    read_fields(in, none, no_fields);
    return in.finish<Message>(CompletedOrdersEnd{});
}

Result<Message> execution_details_end(ProtoReader& in) {
    const ExecutionDetailsEnd out{number_in(in)};
    return in.finish<Message>(out);
}

Result<Message> contract_data_end(ProtoReader& in) {
    const ContractDataEnd out{number_in(in)};
    return in.finish<Message>(out);
}

Result<Message> account_update_end(ProtoReader& in) {
    const AccountUpdateEnd out{number_in(in)};
    return in.finish<Message>(out);
}

Result<Message> account_position_end(ProtoReader& in) {
    const AccountPositionEnd out{number_in(in)};
    return in.finish<Message>(out);
}

}  // namespace janus::ib::wire::proto
