#include "bench/ib_stream.hpp"

#include <array>

#include <fmt/format.h>

#include "base/random.hpp"
#include "gateway/ib/fake_contracts.hpp"

namespace janus::bench {
namespace {

namespace fake = ib::fake;

/// One symbol's walk, in cents and shares.
struct Walk {
    std::string request;
    std::int64_t price{0};
    std::int64_t volume{0};
    std::int64_t second{1'767'623'400};
};

/// Writes one message after the other.
class Writer {
 public:
    Writer(const std::vector<std::string>& requests, std::uint64_t seed) : random_(seed) {
        for (const auto& request : requests)
            walks_.push_back({request, static_cast<std::int64_t>(random_.below(60'000)) + 500,
                              static_cast<std::int64_t>(random_.below(4'000'000))});
    }

    void write(Mix mix) {
        auto& walk = walks_[random_.below(walks_.size())];
        const auto draw = random_.below(10'000);
        // Of 10,000 messages: 3,500 prices, 4,000 sizes, 1,300 texts, 1,160 generics, 40 others.
        if (draw < 3'500) return price(walk);
        if (draw < 7'500) return size(walk);
        if (draw < 8'800) return text(walk);
        if (draw < 9'960 || mix == Mix::TicksOnly) return generic(walk);
        other();
    }

    Stream stream;

 private:
    void frame(const fake::Fields& fields) {
        stream.bytes += fake::frame(fields);
        ++stream.count.messages;
    }
    std::string shares() { return std::to_string((random_.below(60) + 1) * 100); }

    /// Bid, ask and last carry a size; the day's own prices do not. Now and then there is no quote.
    void price(Walk& walk) {
        constexpr auto types =
            std::to_array<std::string_view>({"1", "2", "4", "6", "7", "9", "14"});
        const auto draw = random_.below(1'000);
        const auto type = draw < 996 ? draw % 3 : 3 + draw % 4;
        walk.price += static_cast<std::int64_t>(random_.below(7)) - 3;
        if (walk.price < 100) walk.price = 100;
        ++stream.count.prices;
        if (type < 3) ++stream.count.derived_sizes;
        if (type < 2 && draw < 3)
            return frame({"1", "6", walk.request, std::string(types[type]), "-1", "0", "0"});
        const auto text = walk.price % 100 == 0
                              ? fmt::format("{}.0", walk.price / 100)
                              : fmt::format("{}.{:02}", walk.price / 100, walk.price % 100);
        frame({"1", "6", walk.request, std::string(types[type]), text, type < 3 ? shares() : "0",
               type < 3 ? "1" : "0"});
    }
    void size(Walk& walk) {
        constexpr auto types = std::to_array<std::string_view>({"0", "3", "5", "8"});
        const auto type = random_.below(types.size());
        walk.volume += static_cast<std::int64_t>(random_.below(500));
        ++stream.count.sizes;
        frame({"2", "6", walk.request, std::string(types[type]),
               type == 3 ? std::to_string(walk.volume) : shares()});
    }
    void text(Walk& walk) {
        constexpr auto exchanges = std::to_array<std::string_view>({"K", "Q", "NP", "KQZ", "PUV"});
        ++stream.count.texts;
        if (random_.hits(1, 2))
            return frame({"46", "6", walk.request, "45", std::to_string(++walk.second)});
        frame({"46", "6", walk.request, random_.hits(1, 2) ? "32" : "33",
               std::string(exchanges[random_.below(exchanges.size())])});
    }
    void generic(Walk& walk) {
        constexpr auto types = std::to_array<std::string_view>({"49", "54", "55", "56"});
        const auto type = random_.below(types.size());
        ++stream.count.generics;
        frame({"45", "6", walk.request, std::string(types[type]),
               type == 0 ? "0.0" : fmt::format("{}.{}", random_.below(90'000), random_.below(10))});
    }
    void other() {
        ++stream.count.orders;
        const fake::OrderText order{.order = std::to_string(random_.below(40) + 1),
                                    .permanent = std::to_string(900'001 + random_.below(40))};
        const auto draw = random_.below(40);
        if (draw < 12) return frame(fake::order_status(order, "0", "10"));
        if (draw < 16) return frame(fake::open_order(order));
        if (draw < 22) return frame(fake::position("DU1000001", {}, "100", "180.123456"));
        if (draw < 36) return portfolio();
        frame(fake::error(-1, 2104, "Market data farm connection is OK:usfarm"));
    }
    void portfolio() {
        fake::Fields fields{"7", "8", "265598", "AAPL", "STK",  "",    "0.0",
                            "0", "",  "NASDAQ", "USD",  "AAPL", "NMS", "100"};
        const auto price = 150 + random_.below(50);
        fake::append(fields, {fmt::format("{}.75", price), fmt::format("{}.0", price * 100),
                              "180.123456", "-512.35", "0.0", "DU1000001"});
        frame(fields);
    }

    Random random_;
    std::vector<Walk> walks_;
};

}  // namespace

Stream make_stream(Mix mix, std::size_t messages, const std::vector<std::string>& requests,
                   std::uint64_t seed) {
    Writer writer(requests, seed);
    writer.stream.bytes.reserve(messages * 36);
    for (std::size_t i = 0; i < messages; ++i) writer.write(mix);
    return std::move(writer.stream);
}

}  // namespace janus::bench
