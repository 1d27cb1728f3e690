// From an order's intent to the bytes of its message: with the journal and without; see README.md.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "bench/measure.hpp"
#include "bench/order_side.hpp"
#include "bench/scales.hpp"
#include "store/sqlite_journal.hpp"

namespace janus::bench {
namespace {

struct Options {
    std::size_t orders{200};
    std::size_t rounds{7};
    std::string folder{"."};  ///< On the disk that is to be measured.
};

/// A folder of its own that goes away.
class Folder {
 public:
    explicit Folder(const std::string& parent) : path_(parent + "/bench_order_path.XXXXXX") {
        if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no folder in " + parent);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::string& path() const { return path_; }

 private:
    std::string path_;
};

struct Contestant {
    std::string name;
    std::function<double()> run;  ///< One; gives its seconds.
    std::vector<double> seconds{};
};

void report(const std::vector<Contestant>& contestants) {
    fmt::print("{:<34} {:>10} {:>10} {:>10}\n", "microseconds", "p50", "p99", "most");
    for (const auto& one : contestants)
        fmt::print("{:<34} {:>10.1f} {:>10.1f} {:>10.1f}\n", one.name, median(one.seconds) * 1e6,
                   quantile(one.seconds, 0.99) * 1e6, quantile(one.seconds, 1.0) * 1e6);
}

int run(const Options& options) {
    const Folder folder(options.folder);
    NoLog log;
    Random random(7);
    ReplyBox kept_box;
    auto opened = store::SqliteJournal::open(
        folder.path(), [&](core::JournalAppended reply) { kept_box.put(std::move(reply)); }, random,
        log);
    if (!opened) throw std::runtime_error(opened.error().message);
    OrderSide kept(*opened->journal, std::move(opened->contents), kept_box);
    ReplyBox bare_box;
    NoJournal no_journal(bare_box);
    OrderSide bare(no_journal, core::JournalContents{.instance_id = "benchsim"}, bare_box);
    DurableCommit commit(folder.path());
    GrpcEcho echo;

    std::vector<Contestant> contestants{
        {"order, without the journal",    [&] { return bare.place_one(); }   },
        {"order, durable before it goes", [&] { return kept.place_one(); }   },
        {"bare durable commit",           [&] { return commit.commit_one(); }},
        {"gRPC echo over loopback",       [&] { return echo.call_one(); }    },
    };
    for (std::size_t round = 0; round < options.rounds; ++round)
        for (auto& one : contestants)
            for (std::size_t i = 0; i < options.orders; ++i) one.seconds.push_back(one.run());
    report(contestants);
    return 0;
}

Options options_of(int count, char** words) {
    Options options;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = words[i];
        if (name == "--orders") options.orders = std::strtoull(words[i + 1], nullptr, 10);
        if (name == "--rounds") options.rounds = std::strtoull(words[i + 1], nullptr, 10);
        if (name == "--folder") options.folder = words[i + 1];
    }
    return options;
}

}  // namespace
}  // namespace janus::bench

int main(int count, char** words) {
    try {
        return janus::bench::run(janus::bench::options_of(count, words));
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "bench_order_path: %s\n", problem.what());
        return 1;
    }
}
