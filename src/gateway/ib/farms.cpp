#include "gateway/ib/farms.hpp"

#include <algorithm>
#include <array>

#include "gateway/ib/wire/words.hpp"

namespace janus::ib {
namespace {

struct FarmRow {
    std::string_view prefix;  ///< `usfarm` also stands for `usfarm.nj` and the like.
    std::string_view kinds;   ///< Security types, separated by commas; empty: any.
    std::string_view currencies;
};
constexpr auto farms = std::to_array<FarmRow>({
    {"usfarm",   "STK,IND,WAR,BOND,FUND", "USD"                                    },
    {"usopt",    "OPT",                   "USD"                                    },
    {"usfuture", "FUT,FOP,CONTFUT",       "USD"                                    },
    {"cashfarm", "CASH,CMDTY",            ""                                       },
    {"uscrypto", "CRYPTO",                ""                                       },
    {"cafarm",   "",                      "CAD"                                    },
    {"eufarm",   "",                      "EUR,GBP,CHF,SEK,NOK,DKK,PLN,HUF,CZK,ILS"},
    {"hfarm",    "",                      "HKD,CNH"                                },
    {"jfarm",    "",                      "JPY,KRW,TWD,SGD,INR"                    },
    {"afarm",    "",                      "AUD,NZD"                                },
});

using wire::lists;

bool is_pair(const wire::Contract& contract) {
    return contract.security_type == "CASH" || contract.security_type == "CRYPTO";
}

}  // namespace

std::string_view farm_of(std::string_view notice) {
    const auto colon = notice.rfind(':');
    if (colon == std::string_view::npos) return {};
    auto name = notice.substr(colon + 1);
    while (name.starts_with(' ')) name.remove_prefix(1);
    name = name.substr(0, name.find_first_of(" ,;"));
    if (name.ends_with('.')) name.remove_suffix(1);
    return name;
}

bool serves(std::string_view farm, const wire::Contract& contract) {
    const auto row = std::ranges::find_if(
        farms, [farm](const FarmRow& known) { return farm.starts_with(known.prefix); });
    if (farm.empty() || row == farms.end()) return false;
    // A pair's currency says nothing about where its data come from.
    if (row->kinds.empty()) return !is_pair(contract) && lists(row->currencies, contract.currency);
    return lists(row->kinds, contract.security_type) &&
           (row->currencies.empty() || lists(row->currencies, contract.currency));
}

}  // namespace janus::ib
