# shellcheck shell=bash
# Background programs of ./run: started apart from the terminal, found again by their pid files.
# The caller sets `var` (the folder of state), `bin` (the folder of programs), `started` and `child`.
# shellcheck disable=SC2154,SC2034

say() { printf '%s\n' "$*"; }
complain() { printf 'run: %s\n' "$*" >&2; }

# Prints the pid of a program that runs, else nothing. A pid that the system has given to another
# program since does not count: /proc says which program it really is.
process_of() {
  local pid program
  pid=$(cat "$var/run/$1.pid" 2>/dev/null) || return 0
  program=$(readlink "/proc/$pid/exe" 2>/dev/null) || return 0
  if [ "${program% (deleted)}" = "$bin/$1" ]; then printf '%s\n' "$pid"; fi
}

# Tells whether the program of a running process was built anew since it was started.
is_outdated() { [[ $(readlink "/proc/$(process_of "$1")/exe" 2>/dev/null) == *" (deleted)" ]]; }

# Starts a program: its standard output goes to log/NAME.out, the rest to log/NAME.log. The process
# itself writes its pid file, so that an interrupted start leaves none that nobody knows of.
launch() {
  local name=$1
  shift
  mkdir -p "$var/run" "$var/log"
  : >"$var/log/$name.out"
  # shellcheck disable=SC2016
  setsid bash -c 'echo $$ >"$0.new" && mv "$0.new" "$0" && exec "$@"' "$var/run/$name.pid" \
    "$bin/$name" "$@" >>"$var/log/$name.out" 2>>"$var/log/$name.log" </dev/null 8>&- &
  child["$name"]=$!
  started+=("$name")
}

# Waits until a program has printed a line that matches. Returns its exit code when it ended first,
# and 124 when time ran out.
wait_for_line() {
  local name=$1 pattern=$2 deadline=$((SECONDS + $3)) code=0
  while [ $SECONDS -lt $deadline ]; do
    if grep -q -e "$pattern" "$var/log/$name.out"; then return 0; fi
    if ! kill -0 "${child[$name]}" 2>/dev/null; then
      wait "${child[$name]}" || code=$?
      unset "child[$name]"
      return $((code == 0 ? 1 : code))
    fi
    sleep 0.1
  done
  return 124
}

# Shows the end of what a program has said.
show_log() {
  local file
  for file in "$var/log/$1.out" "$var/log/$1.log"; do
    if [ -s "$file" ]; then
      complain "the last lines of $file:"
      tail -n 20 "$file" >&2
    fi
  done
}

# Waits until a program has ended; kill -0 would also find one that only waits to be reaped.
wait_for_end() {
  local name=$1 deadline=$((SECONDS + $2))
  while [ -n "$(process_of "$name")" ]; do
    if [ $SECONDS -ge $deadline ]; then return 1; fi
    sleep 0.1
  done
}

# Stops a program in order: asked, asked again, then by force. Sets `stop_code` to its exit code, or
# to nothing when it was not started by this run.
stop_process() {
  local name=$1 pid signal
  stop_code=""
  pid=$(process_of "$name")
  # A child of ours may not have become the program yet.
  pid=${pid:-${child[$name]:-}}
  if [ -n "$pid" ]; then
    for signal in TERM TERM KILL; do
      kill "-$signal" "$pid" 2>/dev/null || true
      if wait_for_end "$name" 12; then break; fi
    done
  fi
  if [ -n "${child[$name]:-}" ]; then
    stop_code=0
    wait "${child[$name]}" || stop_code=$?
    unset "child[$name]"
  fi
  rm -f "$var/run/$name.pid"
}

# Prints the port if nobody listens on it, else 0, which lets the program pick one.
free_port_or_zero() {
  python3 - "$1" <<'PYTHON'
import socket, sys
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(sys.argv[1])))
        print(sys.argv[1])
    except OSError:
        print(0)
PYTHON
}
