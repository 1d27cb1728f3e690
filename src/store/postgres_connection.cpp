#include "store/postgres_connection.hpp"

#include <libpq-fe.h>
#include <unistd.h>
#include <array>
#include <map>
#include <utility>

namespace janus::store {
namespace {

/// SQLSTATE classes and codes after which a session is given up: the server ends it, has become a
/// standby, or cannot be trusted with a write.
constexpr auto ending_states = std::to_array<std::string_view>({
    "57P01",  // The administrator ended it.
    "57P02",  // The server crashed.
    "57P03",  // The server starts or stops.
    "40003",  // It cannot say whether the statement was completed.
    "25006",  // Read only: the old primary is a standby now.
});

bool ends_session(std::string_view sqlstate) {
    for (const auto state : ending_states)
        if (sqlstate == state) return true;
    return sqlstate.starts_with("08");
}

std::string one_line(std::string_view text) {
    std::string line;
    for (const char c : text) line += c == '\n' || c == '\t' ? ' ' : c;
    while (!line.empty() && line.back() == ' ') line.pop_back();
    return line;
}

std::string without(std::string text, const std::string& secret) {
    if (secret.empty()) return text;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
        text.replace(at, secret.size(), "***");
    return text;
}

using Options = std::map<std::string, std::string>;

/// The parts of an address. libpq's own message could quote a password, so it is not passed on.
PostgresResult<Options> parse_address(const std::string& url) {
    char* message = nullptr;
    auto* parsed = ::PQconninfoParse(url.c_str(), &message);
    ::PQfreemem(message);
    if (parsed == nullptr)
        return std::unexpected(
            PostgresProblem{"", "the database address is not a PostgreSQL address", true});
    Options options;
    for (const auto* one = parsed; one->keyword != nullptr; ++one)
        if (one->val != nullptr) options[one->keyword] = one->val;
    ::PQconninfoFree(parsed);
    return options;
}

void ignore_notice(void*, const PGresult*) {}

std::string host_name() {
    std::array<char, 64> name{};
    ::gethostname(name.data(), name.size() - 1);
    return name.data();
}

/// What we ask of every session, unless the address says otherwise.
void add_defaults(Options& options, std::chrono::seconds connect_timeout,
                  std::chrono::milliseconds statement_timeout) {
    options.try_emplace("connect_timeout", std::to_string(connect_timeout.count()));
    options.try_emplace("keepalives_idle", "10");
    options.try_emplace("keepalives_interval", "5");
    options.try_emplace("keepalives_count", "3");
    options.try_emplace("tcp_user_timeout", "10000");
    options["application_name"] = fmt::format("janusd {}:{}", host_name(), ::getpid());
    auto& settings = options["options"];
    settings += fmt::format(" -c statement_timeout={} -c idle_in_transaction_session_timeout=10000",
                            statement_timeout.count());
}

}  // namespace

void PostgresRows::Clearer::operator()(pg_result* result) const {
    ::PQclear(result);
}

int PostgresRows::size() const {
    return ::PQntuples(result_.get());
}

bool PostgresRows::is_null(int row, int column) const {
    return ::PQgetisnull(result_.get(), row, column) != 0;
}

std::string_view PostgresRows::text(int row, int column) const {
    return {::PQgetvalue(result_.get(), row, column),
            static_cast<std::size_t>(::PQgetlength(result_.get(), row, column))};
}

void PostgresConnection::Finisher::operator()(pg_conn* connection) const {
    ::PQfinish(connection);
}

PostgresResult<PostgresConnection> PostgresConnection::connect(
    const Secret& url, std::chrono::seconds connect_timeout,
    std::chrono::milliseconds statement_timeout) {
    auto options = parse_address(url.reveal());
    if (!options) return std::unexpected(options.error());
    add_defaults(*options, connect_timeout, statement_timeout);
    std::vector<const char*> keywords;
    std::vector<const char*> values;
    for (const auto& [keyword, value] : *options) {
        keywords.push_back(keyword.c_str());
        values.push_back(value.c_str());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    PostgresConnection connection(::PQconnectdbParams(keywords.data(), values.data(), 0),
                                  (*options)["password"]);
    auto* raw = connection.connection_.get();
    if (raw == nullptr || ::PQstatus(raw) != CONNECTION_OK)
        return std::unexpected(connection.problem(nullptr));
    ::PQsetNoticeReceiver(raw, ignore_notice, nullptr);
    return connection;
}

PostgresResult<PostgresRows> PostgresConnection::query(const std::string& sql,
                                                       const PostgresParameters& parameters) {
    std::vector<const char*> values;
    for (const auto& value : parameters) values.push_back(value ? value->c_str() : nullptr);
    auto* raw = ::PQexecParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()),
                               nullptr, values.data(), nullptr, nullptr, 0);
    PostgresRows rows(raw);
    const auto status = ::PQresultStatus(raw);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return rows;
    return std::unexpected(problem(raw));
}

PostgresResult<void> PostgresConnection::script(const std::string& sql) {
    auto* raw = ::PQexec(connection_.get(), sql.c_str());
    const PostgresRows rows(raw);
    const auto status = ::PQresultStatus(raw);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return {};
    return std::unexpected(problem(raw));
}

PostgresProblem PostgresConnection::problem(const pg_result* result) const {
    const char* state = result ? ::PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const char* primary = result ? ::PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
    const std::string sqlstate = state ? state : "";
    const auto* text = primary ? primary : ::PQerrorMessage(connection_.get());
    const bool broken = ::PQstatus(connection_.get()) != CONNECTION_OK;
    return {sqlstate, without(one_line(text), password_), broken || ends_session(sqlstate)};
}

}  // namespace janus::store
