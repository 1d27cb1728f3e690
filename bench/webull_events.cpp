// How fast trade events of Webull become orders and executions of the core, and what a signed
// request costs; see README.md.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "bench/allocations.hpp"
#include "bench/contest.hpp"
#include "bench/webull_bare.hpp"
#include "bench/webull_path.hpp"
#include "bench/webull_signing.hpp"
#include "bench/webull_stream.hpp"
#include "gateway/webull/wire/order_row.hpp"
#include "gateway/webull/wire/subscribe.hpp"

namespace janus::bench {
namespace {

struct Options {
    std::size_t orders{10'000};
    std::size_t rounds{7};
    std::size_t requests{20'000};
    std::string mode{"all"};
    std::string loop{"production"};
};

void fail_run(std::string_view what) {
    fmt::print("FAILED: {}\n", what);
    std::exit(1);
}

double per_message(double seconds, std::size_t messages) {
    return seconds * 1e6 / static_cast<double>(messages);
}

// ---- events ----

template <typename Loop>
double bare(const WebullStream& stream) {
    Loop loop;
    const auto before = thread_cpu();
    for (const auto& message : stream.messages) loop.consume(message);
    return per_message(thread_cpu() - before, stream.messages.size());
}

/// Everything in it is what is measured; callgrind collects inside of it only.
[[gnu::noinline]] std::size_t measured_decoders(const WebullStream& stream) {
    const AccountName account{"webull"};
    std::size_t fills = 0;
    for (const auto& bytes : stream.messages) {
        const auto message = webull::wire::decode_subscribe_response(bytes);
        const auto row = webull::wire::decode_order_event(message->payload);
        fills += webull::wire::to_report(*row, account).filled.has_value() ? 1 : 0;
    }
    return fills;
}

double decoders(const WebullStream& stream) {
    const auto before = thread_cpu();
    const auto fills = measured_decoders(stream);
    const auto cpu = thread_cpu() - before;
    if (fills != stream.messages.size()) fail_run("a message was not decoded");
    return per_message(cpu, stream.messages.size());
}

[[gnu::noinline]] void measured_path(WebullPath& path, const WebullStream& stream) {
    for (const auto& message : stream.messages) path.on_message(message);
}

double production(const WebullStream& stream) {
    WebullPath path(stream.orders);
    path.become_live();
    const auto before = thread_cpu();
    measured_path(path, stream);
    const auto cpu = thread_cpu() - before;
    if (path.filled_orders() != stream.orders || path.executions() != stream.fills)
        fail_run(fmt::format("{} of {} orders are filled, {} of {} fills are booked",
                             path.filled_orders(), stream.orders, path.executions(), stream.fills));
    return per_message(cpu, stream.messages.size());
}

void compare_events(const Options& options) {
    const auto stream = make_webull_stream(options.orders);
    fmt::print("stream: {} messages for {} orders, {} fills\n", stream.messages.size(),
               stream.orders, stream.fills);
    std::vector<Contestant> contestants{
        {"find members, memchr",                 [&] { return bare<FindMembers>(stream); }},
        {"read them, keep each order in a slot", [&] { return bare<KeepOrders>(stream); } },
        {"production decoders alone",            [&] { return decoders(stream); }         },
        {"production, gateway and core",         [&] { return production(stream); }       },
    };
    run_alternating(contestants, options.rounds);
    report("trade events, decoded and applied", "CPU us an event", contestants);
    fmt::print("  {:.0f} events per CPU second\n", 1e6 / median(contestants.back().rounds));
}

void count_allocations(const Options& options) {
    const auto stream = make_webull_stream(options.orders);
    WebullPath path(stream.orders);
    path.become_live();
    const auto records = path.journal_records();
    const auto before = allocations();
    measured_path(path, stream);
    const auto count = static_cast<double>(allocations() - before);
    fmt::print("allocations: {:.1f} an event; journal records: {:.2f} an event\n",
               count / static_cast<double>(stream.messages.size()),
               static_cast<double>(path.journal_records() - records) /
                   static_cast<double>(stream.messages.size()));
}

// ---- requests ----

void compare_requests(const Options& options) {
    for (const auto kind : {SignedKind::Place, SignedKind::Detail}) {
        SigningBench bench(kind);
        if (!bench.agrees()) fail_run("the bare MAC is another one than the request carries");
        std::vector<Contestant> contestants{
            {"bare HMAC-SHA256 of the same bytes", [&] { return bench.bare(options.requests); }   },
            {"production signer alone",            [&] { return bench.signer(options.requests); } },
            {"production, to the request's text",  [&] { return bench.request(options.requests); }},
        };
        run_alternating(contestants, options.rounds);
        report(fmt::format("one signed request: {}, {} bytes under the MAC", to_text(kind),
                           bench.signed_size()),
               "CPU us a request", contestants);
    }
}

/// For callgrind: one pass, see README.md.
void run_once(const Options& options) {
    const auto stream = make_webull_stream(options.orders);
    if (options.loop == "decoders") decoders(stream);
    if (options.loop == "production") production(stream);
    if (options.loop == "request") SigningBench(SignedKind::Place).request(options.requests);
}

Options options_of(int count, char** words) {
    Options options;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = words[i];
        const char* value = words[i + 1];
        if (name == "--orders") options.orders = std::strtoull(value, nullptr, 10);
        if (name == "--rounds") options.rounds = std::strtoull(value, nullptr, 10);
        if (name == "--requests") options.requests = std::strtoull(value, nullptr, 10);
        if (name == "--mode") options.mode = value;
        if (name == "--loop") options.loop = value;
    }
    return options;
}

void run(const Options& options) {
    if (options.mode == "once") return run_once(options);
    const bool all = options.mode == "all";
    if (all || options.mode == "events") compare_events(options);
    if (all || options.mode == "events") count_allocations(options);
    if (all || options.mode == "requests") compare_requests(options);
}

}  // namespace
}  // namespace janus::bench

int main(int count, char** words) {
    janus::bench::run(janus::bench::options_of(count, words));
    return 0;
}
