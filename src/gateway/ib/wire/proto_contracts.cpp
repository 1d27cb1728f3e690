// Descriptions of instruments of the protobuf generation.
#include "gateway/ib/wire/decoders.hpp"
#include "gateway/ib/wire/field_reader.hpp"
#include "gateway/ib/wire/proto_decoders.hpp"

namespace janus::ib::wire::proto {
namespace {

constexpr std::size_t contract_known = 21;
constexpr std::size_t details_known = 64;

/// Binary on this wire, text everywhere else.
void read_multiplier(ProtoReader& in, Contract& out) {
    const auto value = in.binary();
    out.multiplier = value ? value->to_text() : std::string();
}

/// The plain date of field 21 is better, whichever comes first.
void read_date_or_month(ProtoReader& in, Contract& out) {
    if (out.last_trade_date.empty()) out.last_trade_date = date_of(in.text());
}
void read_date(ProtoReader& in, Contract& out) {
    if (const auto date = date_of(in.text()); !date.empty()) out.last_trade_date = date;
}
void read_right(ProtoReader& in, Contract& out) {
    out.right = right_of(in.text());
}

constexpr auto contract_fields = layout_of<contract_known>({
    integer<&Contract::conid>(1),
    text<&Contract::symbol>(2),
    text<&Contract::security_type>(3),
    ProtoField<Contract>{4,  read_date_or_month},
    binary<&Contract::strike>(5),
    ProtoField<Contract>{6,  read_right        },
    ProtoField<Contract>{7,  read_multiplier   },
    text<&Contract::exchange>(8),
    text<&Contract::primary_exchange>(9),
    text<&Contract::currency>(10),
    text<&Contract::local_symbol>(11),
    text<&Contract::trading_class>(12),
    ProtoField<Contract>{21, read_date         },
});

void read_long_name(ProtoReader& in, ContractData& out) {
    out.long_name = unescaped(in.text());
}

constexpr auto details_fields = layout_of<details_known>({
    rounded<&ContractData::tick_min>(2),
    text<&ContractData::order_types>(3),
    text<&ContractData::valid_exchanges>(4),
    integer<&ContractData::price_magnifier>(5),
    ProtoField<ContractData>{7, read_long_name},
    text<&ContractData::contract_month>(8),
    text<&ContractData::time_zone>(12),
    text<&ContractData::trading_hours>(13),
    text<&ContractData::market_rules>(21),
    text<&ContractData::stock_type>(23),
    rounded<&ContractData::size_min>(24),
    rounded<&ContractData::size_increment>(25),
});

void read_described_contract(ProtoReader& in, ContractData& out) {
    read_contract(in.message(), out.contract);
}
void read_details(ProtoReader& in, ContractData& out) {
    read_fields(in.message(), out, details_fields);
}
constexpr auto contract_data_fields = layout_of<3>({
    integer<&ContractData::request>(1),
    ProtoField<ContractData>{2, read_described_contract},
    ProtoField<ContractData>{3, read_details           },
});

}  // namespace

void read_contract(ProtoReader in, Contract& out) {
    read_fields(in, out, contract_fields);
}

Result<Message> contract_data(ProtoReader& in) {
    ContractData out;
    read_fields(in, out, contract_data_fields);
    if (out.contract.conid <= 0) in.refuse("contract had no conid");
    return in.finish<Message>(std::move(out));
}

}  // namespace janus::ib::wire::proto
