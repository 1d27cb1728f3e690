#include "bench/ib_broker.hpp"

#include <cstdio>
#include <cstdlib>

#include "gateway/ib/fake_contracts.hpp"

namespace janus::bench {
namespace {

namespace fake = ib::fake;

constexpr std::string_view greeting = "API";
constexpr std::size_t greeting_size = 4;  // With its NUL.

fake::Fields fields_of(std::string_view payload) {
    fake::Fields fields;
    for (std::size_t at = 0; at < payload.size();) {
        const auto end = payload.find('\0', at);
        fields.emplace_back(payload.substr(at, end - at));
        at = end + 1;
    }
    return fields;
}

/// A stock for any conid.
fake::ContractText contract_of(const std::string& conid) {
    return {.conid = conid, .symbol = "S" + conid, .local = "S" + conid};
}

}  // namespace

std::string IbBroker::answer(std::string_view bytes) {
    if (!hello_seen_) {
        if (!bytes.starts_with(greeting)) return {};
        hello_seen_ = true;
        bytes.remove_prefix(greeting_size);
    }
    std::string out;
    reader_.append(bytes);
    for (auto next = reader_.next(); next && *next; next = reader_.next())
        out += answer_message(**next);
    return out;
}

std::string IbBroker::answer_message(std::string_view payload) {
    if (!greeted_) {
        greeted_ = true;
        return fake::frame({"200", "20260105 09:30:00 EST"});
    }
    const auto fields = fields_of(payload);
    const auto& id = fields.at(0);
    if (id == "71") return fake::frame({"15", "1", "DU1000001"}) + fake::frame({"9", "1", "41"});
    if (id == "49") return fake::frame({"49", "1", "1767623400"});
    if (id == "9")
        return fake::frame(fake::contract_data(fields.at(2), contract_of(fields.at(3)))) +
               fake::frame(fake::contract_end(fields.at(2)));
    if (id == "61") return fake::frame({"62", "1"});
    if (id == "62") return fake::frame({"64", "1", fields.at(2)});
    if (id == "76") return fake::frame({"74", "1", fields.at(2)});
    if (id == "5" || id == "16") return fake::frame({"53", "1"});
    if (id == "99") return fake::frame({"102"});
    if (id == "7") return fake::frame({"55", "1", fields.at(2)});
    if (id == "91") return fake::frame({"93", fields.at(1), "1", "0", "0.01"});
    if (id == "1") requests_.push_back(fields.at(2));
    if (id != "3") return {};
    ++orders_;
    return fake::frame(
        fake::error(std::strtoll(fields.at(1).c_str(), nullptr, 10), 201, "Order rejected"));
}

}  // namespace janus::bench
