#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "gateway/io.hpp"
#include "sim/world/brokers.hpp"
#include "sim/world/trace.hpp"

namespace janus::sim {

/// How the lines to one broker are. Chances count in a thousand messages (or connects, exchanges).
struct Weather {
    Duration delay_min{std::chrono::milliseconds(1)};
    Duration delay_max{std::chrono::milliseconds(1)};
    std::uint64_t split{0};           ///< Bytes arrive in pieces.
    std::uint64_t cut{0};             ///< Both sides see the end; some first bytes may arrive.
    std::uint64_t client_unaware{0};  ///< The broker's side is gone, ours hears nothing.
    std::uint64_t server_unaware{0};  ///< Our side is gone, the broker's learns it much later.
    std::uint64_t stall{0};           ///< Nothing moves for a while, then everything does.
    std::uint64_t connect_refused{0};
    std::uint64_t connect_silent{0};  ///< Ends by its timeout.
    std::uint64_t request_lost{0};    ///< The broker never gets it.
    std::uint64_t reply_lost{0};      ///< The broker has taken it.
};

/// Which gateway's lines: the world's gateways are in this order.
enum class Line { Ib, Webull, WebullOther };
inline constexpr auto all_lines = std::to_array({Line::Ib, Line::Webull, Line::WebullOther});
inline constexpr std::size_t line_count = all_lines.size();
/// `ib`, `webull`, `webull_other`: the second app key.
std::string_view to_text(Line line);

/// The network between the gateways and the simulated brokers, in virtual time: it performs the io
/// words of every gateway, as net/ does, with every kind of loss. Order within one channel is kept.
/// Everything it is given must outlive it.
class VirtualNetwork {
 public:
    using Deliver = std::function<void(Line line, const io::Event& event)>;

    VirtualNetwork(const VirtualClock& clock, Schedule& schedule, Random& random, Brokers& brokers,
                   Trace& trace, Deliver deliver)
        : clock_(clock),
          schedule_(schedule),
          random_(random),
          brokers_(brokers),
          trace_(trace),
          deliver_(std::move(deliver)) {}

    void perform(Line line, const io::Effect& effect);
    /// Carries what the brokers have to say; true when there was something.
    bool carry_outputs();

    void set_weather(Line line, const Weather& weather) { weather_of(line) = weather; }
    /// Every open connection and stream of the line ends now, on both sides.
    void cut_all(Line line);
    /// The server's process has died: its side of everything is gone. What it had sent still
    /// arrives.
    void crash();

 private:
    enum Way : std::size_t { ToServer, ToClient };
    struct Channel {
        Line line{Line::Ib};
        io::ChannelId id;
        bool client_open{true};
        bool server_open{false};
        bool dead{false};  ///< Nothing passes any more, whatever the sides believe.
        std::array<Instant, 2> free_at{};
    };
    struct Exchange {
        Line line{Line::Webull};
        io::HttpRequest request;
    };
    struct Stream {
        Line line{Line::Webull};
        io::StreamId id;
        bool subscribed{false};
        Instant free_at;
    };

    void perform_one(Line line, const io::Connect& effect);
    void perform_one(Line line, const io::Send& effect);
    void perform_one(Line line, const io::Close& effect);
    void perform_one(Line line, const io::HttpRequest& effect);
    void perform_one(Line line, const io::OpenStream& effect);
    void perform_one(Line line, const io::CloseStream& effect);

    void send(std::uint64_t number, Way way, std::string bytes);
    void post(std::uint64_t number, Way way, std::string bytes);
    void arrive(std::uint64_t number, Way way, const std::string& bytes);
    /// True when the chances of the weather have ended or stopped the channel.
    bool strike(std::uint64_t number, Way way, std::string& bytes);
    void end_client(std::uint64_t number, const std::string& reason);
    void end_server(std::uint64_t number);
    Instant when(Line line, Instant not_before);

    void fail(std::uint64_t number, bool sent, const std::string& reason);
    void answer(const HttpReply& reply);
    void respond(std::uint64_t number, const HttpReply& reply);
    void carry(IbOutput output);
    void carry(const StreamOutput& output);
    void end_stream(std::uint64_t number, int status, const std::string& text);

    bool hits(std::uint64_t chance) { return chance > 0 && random_.hits(chance, 1000); }
    Weather& weather_of(Line line) { return weather_[static_cast<std::size_t>(line)]; }
    Duration between(Duration least, Duration most);
    void tell(Line line, const io::Event& event);

    const VirtualClock& clock_;
    Schedule& schedule_;
    Random& random_;
    Brokers& brokers_;
    Trace& trace_;
    Deliver deliver_;
    std::array<Weather, line_count> weather_{};
    std::map<std::uint64_t, Channel> channels_;
    std::map<std::uint64_t, Exchange> exchanges_;  ///< Not yet answered.
    std::map<std::uint64_t, Stream> streams_;
    std::uint64_t last_number_{0};  ///< Of channels, exchanges and streams; never used twice.
};

}  // namespace janus::sim
