#include "bench/webull_path.hpp"

#include <algorithm>
#include <charconv>

#include "bench/webull_stream.hpp"
#include "gateway/webull/webull_gateway.hpp"
#include "gateway/webull/wire/subscribe.hpp"

namespace janus::bench {
namespace {

constexpr std::size_t page_size = 100;
constexpr Now start_time{{std::chrono::seconds(1'000)}, {std::chrono::seconds(1'773'066'605)}};

const AccountName account{"webull"};

CanonicalSymbol msft() {
    return CanonicalSymbol::parse("MSFT").value();
}

webull::WebullSettings settings() {
    webull::WebullSettings settings;
    settings.app_key = Secret("bench-key");
    settings.app_secret = Secret("bench-secret");
    settings.accounts = {
        {account, webull_account}
    };
    return webull::completed(std::move(settings)).value();
}

Order order_of(std::size_t number, Utc at) {
    Order order;
    order.id = OrderId{number + 1};
    order.client_order_id = ClientOrderId{webull_client_id(number)};
    order.account = account;
    order.symbol = msft().text();
    order.native_id = NativeId{"MSFT"};
    order.type = OrderType::Limit;
    order.quantity = Quantity{Decimal::parse(webull_quantity).value()};
    order.limit_price = Price{Decimal::from_integer(402)};
    order.idempotency_key = "bench" + std::to_string(number);
    order.ref.permanent = webull_order_id(number);
    order.state = OrderState::Working;
    order.created = at;
    order.changed = at;
    return order;
}

std::string group_of(std::size_t number) {
    return fmt::format(
        R"({{"client_order_id":"{0}","combo_type":"NORMAL","orders":[{{"client_order_id":"{0}",)"
        R"("order_id":"{1}","symbol":"MSFT","side":"BUY","order_type":"LIMIT",)"
        R"("instrument_type":"EQUITY","entrust_type":"QTY","time_in_force":"DAY",)"
        R"("status":"SUBMITTED","total_quantity":"{2}","filled_quantity":"0",)"
        R"("limit_price":"402","support_trading_session":"CORE"}}]}})",
        webull_client_id(number), webull_order_id(number), webull_quantity);
}

/// The number behind `pagination_key=page` in a target; 0 without one.
std::size_t page_in(const std::string& target) {
    constexpr std::string_view name = "pagination_key=page";
    std::size_t page = 0;
    const auto at = target.find(name);
    if (at == std::string::npos) return page;
    std::from_chars(target.data() + at + name.size(), target.data() + target.size(), page);
    return page;
}

/// What the broker answers where nothing depends on the question.
struct ReplyRow {
    std::string_view path;
    std::string_view body;
};
constexpr auto replies = std::to_array<ReplyRow>({
    {"/openapi/config",                        R"({"token_check_enabled":false})"                },
    {"/trading/accounts/list",                 R"({"data":[{"account_id":"JNS7QK20ACC0001"}]})"  },
    {"/trading/orders/historical-orders/list", R"({"data":[]})"                                  },
    {"/trading/assets/positions/list",
     R"({"data":[{"symbol":"MSFT","instrument_type":"EQUITY","quantity":"5","currency":"USD"}]})"},
    {"/trading/assets/balances/get",
     R"({"account_currency_assets":[{"currency":"USD","cash_balance":"100000"}]})"               },
});

}  // namespace

WebullPath::WebullPath(std::size_t orders) : orders_(orders), now_(start_time) {
    std::vector<std::unique_ptr<gateway::Gateway>> gateways;
    gateways.push_back(std::make_unique<webull::WebullGateway>(settings(), random_));
    gateway_ = gateways.front().get();
    core::EngineSettings engine;
    engine.accounts.push_back({.name = account, .limits = {}, .default_symbols = {}});
    engine_ = std::make_unique<core::Engine>(std::move(engine), std::move(gateways), registry_,
                                             journal_, log_, random_);
}

void WebullPath::become_live() {
    core::JournalContents contents;
    contents.instance_id = "jnsbench";
    for (std::size_t i = 0; i < orders_; ++i)
        contents.orders.push_back(order_of(i, start_time.utc));
    engine_->start(now_,
                   {
                       {.id = SymbolId{1},
                        .symbol = msft(),
                        .asset_class = AssetClass::Equity,
                        .currency = "USD",
                        .native_ids = {{"webull", NativeId{"MSFT"}}},
                        .description = {},
                        .created = {},
                        .updated = {}}
    },
                   std::move(contents));
    const auto is_ready = [this] {
        return engine_->account(account)->gate == gateway::Gate::Ready;
    };
    for (pump(); !live_ || !is_ready(); pump()) {
        const auto next = engine_->deadline();
        JANUS_CHECK(next.has_value());
        const auto passed = std::max(*next - now_.mono, Duration{});
        now_ = {now_.mono + passed, now_.utc + passed};
        engine_->on_timeout(now_);
    }
}

void WebullPath::on_message(const std::string& bytes) {
    gateway_->on_io(now_, io::StreamMessage{stream_, bytes});
    pump();
}

/// As the server does it after every input.
void WebullPath::pump() {
    for (;;) {
        engine_->pump(now_);
        const auto effects = gateway_->take_effects();
        const auto written = journal_.take_replies();
        for (const auto& effect : effects) perform(effect);
        for (const auto& reply : written) engine_->on_journal_reply(now_, reply);
        if (effects.empty() && written.empty()) return;
    }
}

void WebullPath::perform(const io::Effect& effect) {
    if (const auto* open = std::get_if<io::OpenStream>(&effect)) {
        stream_ = open->id;
        live_ = true;
        const webull::wire::SubscribeResponse success{
            .event_type = webull::wire::event_type::subscribe_success};
        gateway_->on_io(now_, io::StreamMessage{stream_, webull::wire::encode(success)});
    }
    if (const auto* request = std::get_if<io::HttpRequest>(&effect))
        gateway_->on_io(
            now_,
            io::HttpResponse{
                .id = request->id, .status = 200, .headers = {}, .body = body_of(request->target)});
}

std::string WebullPath::body_of(const std::string& target) const {
    const auto path = target.substr(0, target.find('?'));
    for (const auto& row : replies)
        if (row.path == path) return std::string(row.body);
    JANUS_CHECK(path == "/trading/orders/open-orders/list");
    return open_page(page_in(target));
}

std::string WebullPath::open_page(std::size_t page) const {
    const auto first = page * page_size;
    const auto end = std::min(orders_, first + page_size);
    std::string rows;
    for (auto i = first; i < end; ++i) rows += (rows.empty() ? "" : ",") + group_of(i);
    const auto next =
        end < orders_ ? fmt::format(R"(,"pagination_key":"page{}")", page + 1) : std::string();
    return R"({"data":[)" + rows + "]" + next + "}";
}

std::size_t WebullPath::filled_orders() const {
    return static_cast<std::size_t>(
        std::ranges::count(engine_->orders({}, true), OrderState::Filled, &Order::state));
}

std::size_t WebullPath::executions() const {
    return engine_->executions({}).size();
}

}  // namespace janus::bench
