// Bars, price grids and the values of single accounts of the protobuf generation.
#include "gateway/ib/wire/proto_decoders.hpp"
#include "gateway/ib/wire/times.hpp"

namespace janus::ib::wire::proto {
namespace {

constexpr std::size_t bars_max = 100'000;
constexpr std::size_t steps_max = 1'000;

/// The numbers of a bar as the wire has them; -1 stands for "no volume" and the like.
struct BarDraft {
    std::int64_t start{0};
    Decimal open, high, low, close;
    std::optional<Decimal> volume;
    std::optional<Decimal> average;
    std::int64_t trades{0};
};

void fill(Bar& bar, const BarDraft& draft) {
    bar.open = {draft.open};
    bar.high = {draft.high};
    bar.low = {draft.low};
    bar.close = {draft.close};
    if (draft.volume && !draft.volume->is_negative()) bar.volume = Quantity{*draft.volume};
    if (bar.volume && draft.average) bar.average = Price{*draft.average};
    if (draft.trades >= 0) bar.trades = draft.trades;
}

/// Without one of its four prices a bar is none.
void check_prices(ProtoReader& in, SeenFields seen, std::uint64_t first) {
    for (auto number = first; number < first + 4; ++number)
        if (!seen.has(number)) in.refuse(fmt::format("bar had no field {}", number));
}

struct RealTimeDraft : BarDraft {
    std::int64_t request{0};
};
using RealTimeField = ProtoField<RealTimeDraft>;
constexpr auto real_time_fields = layout_of<9>({
    RealTimeField{1, [](ProtoReader& in, RealTimeDraft& out) { out.request = in.integer(); }    },
    RealTimeField{2, [](ProtoReader& in, RealTimeDraft& out) { out.start = in.integer(); }      },
    RealTimeField{3, [](ProtoReader& in, RealTimeDraft& out) { out.open = in.needed_binary(); } },
    RealTimeField{4, [](ProtoReader& in, RealTimeDraft& out) { out.high = in.needed_binary(); } },
    RealTimeField{5, [](ProtoReader& in, RealTimeDraft& out) { out.low = in.needed_binary(); }  },
    RealTimeField{6, [](ProtoReader& in, RealTimeDraft& out) { out.close = in.needed_binary(); }},
    RealTimeField{7, [](ProtoReader& in, RealTimeDraft& out) { out.volume = in.rounded(); }     },
    RealTimeField{8, [](ProtoReader& in, RealTimeDraft& out) { out.average = in.rounded(); }    },
    RealTimeField{9, [](ProtoReader& in, RealTimeDraft& out) { out.trades = in.integer(); }     },
});

struct PastDraft : BarDraft {
    std::string date;
};
using PastField = ProtoField<PastDraft>;
constexpr auto past_fields = layout_of<8>({
    PastField{1, [](ProtoReader& in, PastDraft& out) { out.date = in.text(); }          },
    PastField{2, [](ProtoReader& in, PastDraft& out) { out.open = in.needed_binary(); } },
    PastField{3, [](ProtoReader& in, PastDraft& out) { out.high = in.needed_binary(); } },
    PastField{4, [](ProtoReader& in, PastDraft& out) { out.low = in.needed_binary(); }  },
    PastField{5, [](ProtoReader& in, PastDraft& out) { out.close = in.needed_binary(); }},
    PastField{6, [](ProtoReader& in, PastDraft& out) { out.volume = in.rounded(); }     },
    PastField{7, [](ProtoReader& in, PastDraft& out) { out.average = in.rounded(); }    },
    PastField{8, [](ProtoReader& in, PastDraft& out) { out.trades = in.integer(); }     },
});

void read_past_bar(ProtoReader& in, HistoricalData& out) {
    if (out.bars.size() >= bars_max) return in.refuse(fmt::format("more than {} bars", bars_max));
    PastDraft draft;
    check_prices(in, read_fields(in.message(), draft, past_fields), 2);
    auto& row = out.bars.emplace_back();
    row.date = std::move(draft.date);
    fill(row.bar, draft);
}
constexpr auto historical_data_fields = layout_of<2>({
    integer<&HistoricalData::request>(1),
    ProtoField<HistoricalData>{2, read_past_bar},
});

constexpr auto historical_data_end_fields = layout_of<3>({integer<&HistoricalDataEnd::request>(1)});

constexpr auto head_timestamp_fields = layout_of<2>({
    integer<&HeadTimestamp::request>(1),
    text<&HeadTimestamp::text>(2),
});

constexpr auto step_fields = layout_of<2>({
    needed_binary<&PriceStep::low_edge>(1),
    needed_binary<&PriceStep::increment>(2),
});
/// The lowest edge is zero, which a writer may leave out; an increment is none without a value.
void read_step(ProtoReader& in, MarketRule& out) {
    if (out.steps.size() >= steps_max)
        return in.refuse(fmt::format("more than {} price steps", steps_max));
    const auto seen = read_fields(in.message(), out.steps.emplace_back(), step_fields);
    if (!seen.has(2)) in.refuse("price step had no increment");
}
constexpr auto market_rule_fields = layout_of<2>({
    integer<&MarketRule::rule>(1),
    ProtoField<MarketRule>{2, read_step},
});

constexpr auto profit_fields = layout_of<4>({
    integer<&ProfitAndLoss::request>(1),
    binary<&ProfitAndLoss::daily>(2),
    binary<&ProfitAndLoss::unrealized>(3),
    binary<&ProfitAndLoss::realized>(4),
});

constexpr auto account_update_fields = layout_of<6>({
    integer<&AccountUpdate::request>(1),
    text<&AccountUpdate::account>(2),
    text<&AccountUpdate::key>(4),
    text<&AccountUpdate::value>(5),
    text<&AccountUpdate::currency>(6),
});

void read_position_contract(ProtoReader& in, AccountPosition& out) {
    read_contract(in.message(), out.contract);
}
constexpr auto account_position_fields = layout_of<6>({
    integer<&AccountPosition::request>(1),
    text<&AccountPosition::account>(2),
    ProtoField<AccountPosition>{3, read_position_contract},
    needed_quantity<&AccountPosition::quantity>(4),
    binary<&AccountPosition::average_cost>(5),
});

}  // namespace

Result<Message> real_time_bar(ProtoReader& in) {
    RealTimeDraft draft;
    check_prices(in, read_fields(in, draft, real_time_fields), 3);
    RealTimeBar out;
    out.request = draft.request;
    const auto start = find_moment(draft.start);
    if (!start) in.refuse("the bar has no time");
    out.bar.start = start.value_or(Utc{});
    fill(out.bar, draft);
    return in.finish<Message>(std::move(out));
}

Result<Message> historical_data(ProtoReader& in) {
    HistoricalData out;
    read_fields(in, out, historical_data_fields);
    return in.finish<Message>(std::move(out));
}

Result<Message> historical_data_end(ProtoReader& in) {
    HistoricalDataEnd out;
    read_fields(in, out, historical_data_end_fields);
    return in.finish<Message>(out);
}

Result<Message> head_timestamp(ProtoReader& in) {
    HeadTimestamp out;
    read_fields(in, out, head_timestamp_fields);
    return in.finish<Message>(std::move(out));
}

Result<Message> market_rule(ProtoReader& in) {
    MarketRule out;
    read_fields(in, out, market_rule_fields);
    return in.finish<Message>(std::move(out));
}

Result<Message> profit_and_loss(ProtoReader& in) {
    ProfitAndLoss out;
    read_fields(in, out, profit_fields);
    return in.finish<Message>(out);
}

Result<Message> account_update(ProtoReader& in) {
    AccountUpdate out;
    read_fields(in, out, account_update_fields);
    return in.finish<Message>(std::move(out));
}

Result<Message> account_position(ProtoReader& in) {
    AccountPosition out;
    if (!read_fields(in, out, account_position_fields).has(4))
        in.refuse("position had no quantity");
    return in.finish<Message>(std::move(out));
}

}  // namespace janus::ib::wire::proto
