#include "bench/webull_signing.hpp"

#include <utility>

#include "bench/measure.hpp"
#include "bench/webull_stream.hpp"
#include "net/http_client.hpp"

namespace janus::bench {
namespace {

using webull::wire::Call;

constexpr Now start_time{{std::chrono::seconds(1'000)}, {std::chrono::seconds(1'773'066'605)}};

/// Keeps the compiler from leaving out what nobody looks at.
void keep(const std::string& text) {
    asm volatile("" : : "r"(text.data()) : "memory");
}

/// As reference 1.5 shows a place.
std::string place_body() {
    return fmt::format(
        R"({{"account_id":"{}","new_orders":[{{"combo_type":"NORMAL","client_order_id":"{}",)"
        R"("symbol":"MSFT","instrument_type":"EQUITY","market":"US","order_type":"LIMIT",)"
        R"("limit_price":"401.25","quantity":"7","support_trading_session":"CORE","side":"BUY",)"
        R"("time_in_force":"DAY","entrust_type":"QTY"}}]}})",
        webull_account, webull_client_id(42));
}

webull::WebullSettings settings_of() {
    webull::WebullSettings settings;
    settings.app_key = Secret("ak_5f2c9d10e4b75f2c9d10e4b75f2c9d");
    settings.app_secret = Secret("as_0c3a5e4f9a8b1122334455660c3a5e");
    settings.token = Secret("b3f1c6aab3f1c6aab3f1c6aab3f1c6aa");
    settings.accounts = {
        {AccountName{"webull"}, webull_account}
    };
    return webull::completed(std::move(settings)).value();
}

}  // namespace

std::string_view to_text(SignedKind kind) {
    return kind == SignedKind::Place ? "place" : "detail";
}

SigningBench::SigningBench(SignedKind kind)
    : kind_(kind),
      settings_(settings_of()),
      key_{settings_.app_key, settings_.app_secret, settings_.algorithm},
      stamp_{to_iso_seconds_text(start_time.utc), random_hex(random_, 32)} {
    auto request = make_request();
    const auto path = webull::wire::path_of(request.ticket.call, webull::wire::Generation::G4);
    to_sign_ = {settings_.signed_host, std::string(path), std::move(request.query),
                std::move(request.body)};
    encoded_ =
        webull::wire::percent_encode(webull::wire::rest_string_to_sign(key_, stamp_, to_sign_));
}

webull::Request SigningBench::make_request() const {
    webull::Request request;
    if (kind_ == SignedKind::Place) {
        request.ticket.call = Call::Place;
        request.body = place_body();
        request.category = "US_STOCK";
    } else {
        request.ticket.call = Call::Detail;
        request.query = {
            {"account_id",      webull_account      },
            {"client_order_id", webull_client_id(42)}
        };
    }
    return request;
}

bool SigningBench::agrees() const {
    const auto bare = webull::wire::base64(
        webull::wire::mac(key_.algorithm, key_.app_secret.reveal() + "&", encoded_));
    return bare == webull::wire::sign_rest(key_, stamp_, to_sign_);
}

double SigningBench::bare(std::size_t count) const {
    const auto secret = key_.app_secret.reveal() + "&";
    const auto before = thread_cpu();
    for (std::size_t i = 0; i < count; ++i)
        keep(webull::wire::mac(key_.algorithm, secret, encoded_));
    return (thread_cpu() - before) * 1e6 / static_cast<double>(count);
}

double SigningBench::signer(std::size_t count) const {
    const auto before = thread_cpu();
    for (std::size_t i = 0; i < count; ++i) keep(webull::wire::sign_rest(key_, stamp_, to_sign_));
    return (thread_cpu() - before) * 1e6 / static_cast<double>(count);
}

/// In batches, so that no list of open requests grows beyond what it is in life.
double SigningBench::request(std::size_t count) {
    constexpr std::size_t batch = 100;
    double cpu = 0;
    for (std::size_t done = 0; done < count; done += batch) cpu += measured(batch);
    return cpu * 1e6 / static_cast<double>(count / batch * batch);
}

double SigningBench::measured(std::size_t count) {
    webull::Outbox out;
    webull::RestClient rest(settings_, out, random_);
    rest.set_token(settings_.token);
    std::vector<webull::Request> requests(count, make_request());
    auto now = start_time;
    std::size_t made = 0;
    const auto before = thread_cpu();
    for (auto& request : requests) {
        // The budget must never be what a request waits for.
        now = {now.mono + std::chrono::seconds(10), now.utc + std::chrono::seconds(10)};
        rest.submit(now, std::move(request));
        for (const auto& effect : out.take_effects()) {
            keep(net::to_wire(std::get<io::HttpRequest>(effect)));
            ++made;
        }
    }
    const auto cpu = thread_cpu() - before;
    JANUS_CHECK(made == count);
    return cpu;
}

}  // namespace janus::bench
