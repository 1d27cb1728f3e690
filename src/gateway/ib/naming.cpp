#include "gateway/ib/naming.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/ib/wire/words.hpp"

namespace janus::ib {
namespace {

std::string with_dots(std::string text) {
    std::ranges::replace(text, ' ', '.');
    return text;
}

std::string with_blanks(std::string text) {
    std::ranges::replace(text, '.', ' ');
    return text;
}

std::string without_blanks(std::string text) {
    std::erase(text, ' ');
    return text;
}

/// Adjusted and mini options have classes or multipliers of their own and would share the name.
bool is_standard_option(const wire::Contract& contract) {
    const bool own_class =
        contract.trading_class.empty() || contract.trading_class == without_blanks(contract.symbol);
    return own_class && (contract.multiplier.empty() || contract.multiplier == "100");
}

std::string option_name_of(const wire::Contract& contract) {
    const auto& date = contract.last_trade_date;
    if (date.size() != 8 || !date.starts_with("20") || !contract.strike || contract.right.empty() ||
        !is_standard_option(contract))
        return {};
    return fmt::format("{}.{}.{}.{}", with_dots(contract.symbol), date.substr(2), contract.right,
                       contract.strike->to_text());
}

std::string future_name_of(const wire::Contract& contract, const std::string& month) {
    if (month.size() != 6 || !month.starts_with("20")) return {};
    return fmt::format("{}.{}", contract.symbol, month.substr(2));
}

std::string name_of(const wire::Contract& contract, const std::string& month) {
    // A dot would not come back from the way to a canonical name and back.
    if (contract.symbol.find('.') != std::string::npos) return {};
    if (contract.security_type == "CASH" || contract.security_type == "CRYPTO")
        return fmt::format("{}.{}", contract.symbol, contract.currency);
    if (contract.currency != "USD") return {};
    if (contract.security_type == "STK") return with_dots(contract.symbol);
    if (contract.security_type == "OPT") return option_name_of(contract);
    if (contract.security_type == "FUT") return future_name_of(contract, month);
    return {};
}

std::optional<CanonicalSymbol> find_symbol(const wire::Contract& contract,
                                           const std::string& month) {
    const auto name = name_of(contract, month);
    if (name.empty()) return std::nullopt;
    auto symbol = CanonicalSymbol::parse(name);
    if (!symbol || symbol->asset_class() != wire::asset_class_of(contract.security_type))
        return std::nullopt;
    return std::move(*symbol);
}

Instrument described(const wire::Contract& contract, const std::string& month) {
    Instrument out;
    out.native_id = {std::to_string(contract.conid)};
    out.symbol = find_symbol(contract, month);
    out.broker_symbol = contract.local_symbol.empty() ? contract.symbol : contract.local_symbol;
    out.asset_class = wire::asset_class_of(contract.security_type);
    out.currency = contract.currency;
    out.exchange =
        contract.primary_exchange.empty() ? contract.exchange : contract.primary_exchange;
    const auto multiplier = Decimal::parse(contract.multiplier);
    if (multiplier && multiplier->is_positive()) out.multiplier = *multiplier;
    return out;
}

/// Forex has one market at IB. Crypto has several, each with instruments of its own, and which one
/// an account may use is not ours to guess.
void describe_pair(const CanonicalSymbol& symbol, wire::Contract& out) {
    const bool forex = symbol.asset_class() == AssetClass::Forex;
    const auto parts = pair_parts_of(symbol);
    out.security_type = forex ? "CASH" : "CRYPTO";
    out.symbol = parts.base;
    out.currency = parts.quote;
    if (forex) out.exchange = "IDEALPRO";
}

/// Kinds that IB routes by itself.
bool is_routed(std::string_view security_type) {
    return security_type == "STK" || security_type == "OPT";
}

}  // namespace

std::int64_t conid_of(const NativeId& id) {
    std::int64_t conid = 0;
    const auto* end = id.value.data() + id.value.size();
    const auto parsed = std::from_chars(id.value.data(), end, conid);
    return parsed.ec == std::errc{} && parsed.ptr == end && conid > 0 ? conid : 0;
}

Instrument instrument_of(const wire::ContractData& data) {
    auto out = described(data.contract, data.contract_month);
    out.description = data.long_name;
    return out;
}

Instrument instrument_of(const wire::Contract& contract) {
    return described(contract, {});
}

wire::Contract lookup_contract_of(const CanonicalSymbol& symbol) {
    wire::Contract out;
    out.currency = "USD";
    if (symbol.asset_class() == AssetClass::Future) {
        const auto parts = future_parts_of(symbol);
        out.security_type = "FUT";
        out.symbol = parts.root;
        out.last_trade_date = "20" + parts.month;
    } else if (symbol.asset_class() == AssetClass::Option) {
        const auto parts = option_parts_of(symbol);
        out.security_type = "OPT";
        out.symbol = with_blanks(parts.underlying);
        out.last_trade_date = "20" + parts.expiry;
        out.right = std::string(1, parts.right);
        if (const auto strike = Decimal::parse(parts.strike)) out.strike = *strike;
        out.exchange = "SMART";
    } else if (symbol.asset_class() == AssetClass::Forex ||
               symbol.asset_class() == AssetClass::Crypto) {
        describe_pair(symbol, out);
    } else {
        out.security_type = "STK";
        out.symbol = with_blanks(symbol.text());
        out.exchange = "SMART";
    }
    return out;
}

wire::Contract tradable_contract_of(const wire::ContractData& data) {
    auto out = data.contract;
    if (is_routed(out.security_type)) out.exchange = "SMART";
    if (out.exchange.empty()) out.exchange = out.primary_exchange;
    if (out.exchange.empty())
        out.exchange = data.valid_exchanges.substr(0, data.valid_exchanges.find(','));
    if (out.strike && out.strike->is_zero()) out.strike.reset();
    return out;
}

}  // namespace janus::ib
