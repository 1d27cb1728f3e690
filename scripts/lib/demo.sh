# shellcheck shell=bash
# The demo that ./run shows: a private PostgreSQL, the simulated brokers and janusd on four accounts.
# Everything it makes stands under `$var`. The caller also sets `any_ports` and what processes.sh needs.
# shellcheck disable=SC2154

# Prints one value of the line with which janus-sim said that it is ready: `sim_address ib`.
sim_address() {
  grep -e '^janus-sim ready ' "$var/log/janus-sim.out" | tail -n 1 | tr ' ' '\n' | sed -n "s/^$1=//p"
}

start_database() {
  if [ "$(scripts/postgres status "$var/postgres")" = stopped ]; then started+=(postgres); fi
  scripts/postgres start "$var/postgres" 8>&-
}

# The simulated brokers live in memory. A new world of theirs therefore meets a new order journal:
# an old one would know orders that no broker has ever heard of.
start_brokers() {
  if [ -n "$(process_of janus-sim)" ]; then return 0; fi
  stop_process janusd
  rm -rf "$var/janusd"
  mkdir -p "$var/sim/tls"
  launch janus-sim --ib 127.0.0.1:0 --webull 127.0.0.1:0 --webull-events 127.0.0.1:0 \
    --control 127.0.0.1:0 --tls-dir "$var/sim/tls"
  if ! wait_for_line janus-sim '^janus-sim ready ' 60; then
    show_log janus-sim
    complain "the simulated brokers did not start"
    return 1
  fi
}

toml_text() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

write_secrets() {
  mkdir -p "$var/secrets"
  chmod 0700 "$var/secrets"
  (umask 077 && printf 'demo-key\n' >"$var/secrets/app_key" && printf 'demo-secret\n' >"$var/secrets/app_secret")
}

# Prints one [[account]] at IB: name, account number.
ib_account() {
  local address
  address=$(sim_address ib)
  cat <<TOML
[[account]]
name = "$1"
broker = "ib"
host = "${address%:*}"
port = ${address##*:}
client_id = 11
account = "$2"
[account.market_data]
default_symbols = ["AAPL"]

TOML
}

# Prints one [[account]] at Webull: name, account id.
webull_account() {
  cat <<TOML
[[account]]
name = "$1"
broker = "webull"
app_key = { file = $(toml_text "$var/secrets/app_key") }
app_secret = { file = $(toml_text "$var/secrets/app_secret") }
region = "us"
account_id = "$2"
rest = "https://$(sim_address webull)"
events = "https://$(sim_address webull_events)"
ca_file = $(toml_text "$var/sim/tls/ca.pem")
[account.trade_events]
enabled = true

TOML
}

# Writes the configuration for these two ports of the API; 0 lets janusd pick.
write_configuration() {
  {
    printf '# Written by ./run for its demo; overwritten at each start.\n'
    printf 'default_account = "ib_main"\n\n'
    printf '[database]\nurl = %s\n\n' "$(toml_text "$(scripts/postgres url "$var/postgres")")"
    printf '[api]\ngrpc = "127.0.0.1:%s"\nhttp = "127.0.0.1:%s"\n\n' "$1" "$2"
    printf '[state]\ndir = %s\n\n' "$(toml_text "$var/janusd")"
    ib_account ib_main DU1000001
    ib_account ib_second DU1000002
    webull_account webull_personal WBSIM0000000001
    webull_account webull_second WBSIM0000000002
  } >"$var/janus.toml.new"
  mv "$var/janus.toml.new" "$var/janus.toml"
}

# Starts janusd on the given ports. Returns its exit code when it did not become ready.
try_server() {
  write_configuration "$1" "$2"
  launch janusd --config "$var/janus.toml"
  wait_for_line janusd '^janusd ready' 90
}

# Starts janusd on its usual ports where they are free; another program may still be faster.
start_server() {
  local code=0 address_in_use=5
  if [ -n "$(process_of janusd)" ]; then return 0; fi
  write_secrets
  try_server "$(usual_port 2014)" "$(usual_port 2015)" || code=$?
  if [ $code = $address_in_use ]; then
    code=0
    try_server 0 0 || code=$?
  fi
  if [ $code != 0 ]; then
    show_log janusd
    complain "janusd did not become ready (code $code)"
    return 1
  fi
}

usual_port() { if [ "$any_ports" = yes ]; then printf '0\n'; else free_port_or_zero "$1"; fi; }

# Brings everything up that does not run yet; one run does so at a time.
bring_up() {
  mkdir -p "$var/run"
  exec 8>"$var/run/lock"
  flock 8
  start_database
  start_brokers
  start_server
  exec 8>&-
}

# Prints the addresses of the API that janusd has written down: `api_address http`.
api_address() {
  python3 - "$var/janusd/ports.json" "$1" <<'PYTHON'
import json, sys
value = json.load(open(sys.argv[1], encoding="utf-8")).get(sys.argv[2], "")
print(value if isinstance(value, str) else value[0])
PYTHON
}

# Stops what stands in `started`, the last first. Returns 1 when a program ended badly.
stop_started() {
  local name bad=0 i
  for ((i = ${#started[@]} - 1; i >= 0; --i)); do
    name=${started[i]}
    if [ "$name" = postgres ]; then
      scripts/postgres stop "$var/postgres" || bad=1
      continue
    fi
    stop_process "$name"
    if [ -n "$stop_code" ] && [ "$stop_code" != 0 ]; then
      complain "$name ended with code $stop_code"
      bad=1
    fi
  done
  started=()
  return $bad
}

# Stops all that an earlier run may have left.
stop_everything() {
  started=(postgres janus-sim janusd)
  if [ ! -d "$var/postgres" ]; then started=(janus-sim janusd); fi
  stop_started
}
