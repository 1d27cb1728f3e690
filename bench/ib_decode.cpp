// How fast ticks of IB become typed events and prices in the core's cache; see README.md.
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <string>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>

#include "bench/allocations.hpp"
#include "bench/bare_loops.hpp"
#include "bench/contest.hpp"
#include "bench/ib_stream.hpp"
#include "bench/market_path.hpp"
#include "bench/tcp_sender.hpp"
#include "net/clock.hpp"
#include "net/io_driver.hpp"
#include "net/timer.hpp"

namespace janus::bench {
namespace {

constexpr std::size_t read_size = 64U << 10U;  // As net/ reads.
constexpr std::size_t symbols = 100;

struct Options {
    std::size_t messages{2'000'000};
    std::size_t rounds{7};
    std::size_t pace_messages{20'000};
    std::uint64_t seed{20'260'105};
    std::string mode{"all"};
    std::string loop{"production"};
};

double per_million(double seconds, std::size_t messages) {
    return seconds * 1e6 / static_cast<double>(messages);
}

// ---- in memory ----

/// Everything in it is what is measured; callgrind collects inside of it only.
template <typename Loop>
[[gnu::noinline]] void measured_loop(Loop& loop, std::string_view rest) {
    while (!rest.empty()) {
        const auto used = loop.consume(rest.substr(0, read_size));
        if (used == 0) return;
        rest.remove_prefix(used);
    }
}

/// The stream as net/ would deliver it: 64 KiB at a time, frames cut anywhere.
std::vector<io::Event> events_of(std::string_view bytes, io::ChannelId channel) {
    std::vector<io::Event> events;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(read_size, bytes.size())))
        events.emplace_back(io::Received{channel, std::string(bytes.substr(0, read_size))});
    return events;
}

[[gnu::noinline]] void measured_path(MarketPath& path, Now now,
                                     const std::vector<io::Event>& events) {
    for (const auto& event : events) path.on_io(now, event);
}

template <typename Loop>
double loop_in_memory(const Stream& stream) {
    Loop loop;
    const auto before = thread_cpu();
    measured_loop(loop, stream.bytes);
    return per_million(thread_cpu() - before, stream.count.messages);
}

/// Ends the program when events are missing or too many.
void demand_events(const MarketPath& path, const Stream& stream) {
    const auto wanted = stream.count.price_events();
    if (path.price_events() == wanted) return;
    fmt::print("FAILED: the stream holds {} prices, sizes and derived sizes; {} events came\n",
               wanted, path.price_events());
    std::exit(1);
}

constexpr Now start_time{{std::chrono::seconds(1)}, {std::chrono::seconds(1'767'623'400)}};

double path_in_memory(const Stream& stream, const std::vector<io::Event>& events) {
    MarketPath path(symbols);
    path.subscribe_in_memory(start_time);
    const auto before = thread_cpu();
    measured_path(path, start_time, events);
    const auto cpu = thread_cpu() - before;
    demand_events(path, stream);
    return per_million(cpu, stream.count.messages);
}

// ---- over TCP ----

template <typename Loop>
double loop_over_tcp(const Stream& stream, std::size_t per_second) {
    TcpSender sender({stream.bytes, 0, per_second});
    const int line = connect_to(sender.port());
    Loop loop;
    std::vector<char> buffer(read_size);
    std::size_t held = 0;
    sender.go();
    const auto before = thread_cpu();
    for (;;) {
        const auto size = recv(line, buffer.data() + held, buffer.size() - held, 0);
        if (size <= 0) break;
        held += static_cast<std::size_t>(size);
        const auto used = loop.consume({buffer.data(), held});
        held -= used;
        std::memmove(buffer.data(), buffer.data() + used, held);
    }
    const auto cpu = thread_cpu() - before;
    close(line);
    return per_million(cpu, stream.count.messages);
}

double path_over_tcp(const Stream& stream, std::size_t per_second) {
    TcpSender sender({stream.bytes, symbols, per_second});
    boost::asio::io_context loop(1);
    MarketPath path(symbols, sender.port());
    NoLog log;
    std::unique_ptr<net::IoDriver> driver;
    std::unique_ptr<net::DeadlineTimer> timer;
    bool closed = false;
    // As the server does it after every input.
    const auto drive = [&] {
        for (auto& effect : path.take_effects()) driver->perform(std::move(effect));
        timer->set(path.deadline());
    };
    driver = std::make_unique<net::IoDriver>(
        loop,
        [&](const io::Event& event) {
            closed = std::holds_alternative<io::Closed>(event);
            path.on_io(net::system_now(), event);
            drive();
        },
        log);
    timer = std::make_unique<net::DeadlineTimer>(loop, [&] {
        path.on_timeout(net::system_now());
        drive();
    });
    path.start(net::system_now());
    drive();
    while (!sender.ready()) loop.run_one_for(std::chrono::milliseconds(1));
    sender.go();
    const auto before = thread_cpu();
    while (!closed) loop.run_one();
    const auto cpu = thread_cpu() - before;
    driver->close_all();
    demand_events(path, stream);
    return per_million(cpu, stream.count.messages);
}

// ---- reports ----

constexpr auto unit = "CPU s per 1M messages";

std::vector<Contestant> contestants_over_tcp(const Stream& stream, std::size_t per_second) {
    return {
        {"read only",                        [&, per_second] { return loop_over_tcp<ReadOnly>(stream, per_second); }  },
        {"find fields, memchr",
         [&,                                     per_second] { return loop_over_tcp<FindFields>(stream, per_second); }},
        {"parse typed, memchr + from_chars",
         [&,                                     per_second] {
             return loop_over_tcp<ParseTyped<Numbers::FromChars>>(stream, per_second);
         }                                                                                                },
        {"parse typed, by hand",
         [&,                                     per_second] {
             return loop_over_tcp<ParseTyped<Numbers::ByHand>>(stream, per_second);
         }                                                                                                },
        {"production",                       [&, per_second] { return path_over_tcp(stream, per_second); }            },
    };
}

void compare_in_memory(const Options& options, const Stream& stream) {
    const auto events = events_of(stream.bytes, io::ChannelId{1});
    std::vector<Contestant> contestants{
        {"find fields, memchr",              [&] { return loop_in_memory<FindFields>(stream); }},
        {"parse typed, memchr + from_chars",
         [&] { return loop_in_memory<ParseTyped<Numbers::FromChars>>(stream); }                },
        {"parse typed, by hand",
         [&] { return loop_in_memory<ParseTyped<Numbers::ByHand>>(stream); }                   },
        {"production",                       [&] { return path_in_memory(stream, events); }    },
    };
    run_alternating(contestants, options.rounds);
    report("in memory", unit, contestants);
}

void compare_over_tcp(const Options& options, const Stream& stream) {
    auto contestants = contestants_over_tcp(stream, 0);
    run_alternating(contestants, options.rounds);
    report("over loopback TCP, as fast as it goes", unit, contestants);
}

void compare_paced(const Options& options, const std::vector<std::string>& requests) {
    const auto stream = make_stream(Mix::Realistic, options.pace_messages, requests, options.seed);
    auto contestants = contestants_over_tcp(stream, 10'000);
    run_alternating(contestants, std::min<std::size_t>(options.rounds, 3));
    report("over loopback TCP, 10,000 messages a second", unit, contestants);
}

/// Ticks only, after a first pass that lets every buffer grow to its size.
bool check_allocations(const Options& options, const std::vector<std::string>& requests) {
    const auto stream = make_stream(Mix::TicksOnly, options.messages, requests, options.seed);
    MarketPath path(symbols);
    path.subscribe_in_memory(start_time);
    const auto events = events_of(stream.bytes, path.channel());
    measured_path(path, start_time, events);
    const auto before = allocations();
    measured_path(path, start_time, events);
    const auto count = allocations() - before;
    // The list of changed symbols is made once for what one read brought, for the fan-out.
    const auto per_read = static_cast<double>(count) / static_cast<double>(events.size());
    fmt::print("allocations: {} for {} ticks in {} reads, {:.1f} a read\n", count,
               stream.count.messages, events.size(), per_read);
    return count <= events.size() * 2;
}

void print_count(const Stream& stream) {
    const auto& count = stream.count;
    fmt::print(
        "stream: {} messages, {} bytes: {} prices, {} sizes, {} derived sizes, {} texts, "
        "{} generics, {} others; {} price and size events\n",
        count.messages, stream.bytes.size(), count.prices, count.sizes, count.derived_sizes,
        count.texts, count.generics, count.orders, count.price_events());
}

/// For callgrind: one pass of one loop, see README.md.
void run_once(const Options& options, const Stream& stream) {
    if (options.loop == "fields") loop_in_memory<FindFields>(stream);
    if (options.loop == "from_chars") loop_in_memory<ParseTyped<Numbers::FromChars>>(stream);
    if (options.loop == "typed") loop_in_memory<ParseTyped<Numbers::ByHand>>(stream);
    if (options.loop == "production")
        path_in_memory(stream, events_of(stream.bytes, io::ChannelId{1}));
}

Options options_of(int count, char** words) {
    Options options;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = words[i];
        const char* value = words[i + 1];
        if (name == "--messages") options.messages = std::strtoull(value, nullptr, 10);
        if (name == "--rounds") options.rounds = std::strtoull(value, nullptr, 10);
        if (name == "--seed") options.seed = std::strtoull(value, nullptr, 10);
        if (name == "--mode") options.mode = value;
        if (name == "--loop") options.loop = value;
    }
    return options;
}

int run(const Options& options) {
    const auto requests = MarketPath(symbols).subscribe_in_memory(start_time);
    const auto stream = make_stream(Mix::Realistic, options.messages, requests, options.seed);
    if (options.mode == "once") {
        run_once(options, stream);
        return 0;
    }
    print_count(stream);
    if (options.mode == "check") {
        path_in_memory(stream, events_of(stream.bytes, io::ChannelId{1}));
        path_over_tcp(stream, 0);
        fmt::print("events: exactly one for each price, size and derived size\n");
        return check_allocations(options, requests) ? 0 : 1;
    }
    const bool all = options.mode == "all";
    if (all || options.mode == "memory") compare_in_memory(options, stream);
    if (all || options.mode == "tcp") compare_over_tcp(options, stream);
    if (all || options.mode == "pace") compare_paced(options, requests);
    if (all && !check_allocations(options, requests)) return 1;
    return 0;
}

}  // namespace
}  // namespace janus::bench

int main(int count, char** words) {
    return janus::bench::run(janus::bench::options_of(count, words));
}
