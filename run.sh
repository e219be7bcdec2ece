#!/usr/bin/env bash
# Boots the whole system on this machine: three services, Redis, MySQL and the dashboard.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
. "$root/.ci/prepare.sh"

usage() {
    cat <<'TEXT'
./run.sh [--no-build] [--detach | --stop | --demo] [-- SETTINGS...]

Installs what is missing (apt, as root on Debian and Ubuntu), builds, starts everything and prints where it listens,
with the link that logs a browser in at the dashboard. Ctrl-C ends it. One run a checkout; the data stays in
AppHost/.data until you delete it.

  --no-build   runs what was built last
  --detach     returns once everything is healthy, or ends all and tells why when a service ends first; the log goes to artifacts/run.log
  --stop       ends the run of this checkout, detached or not
  --demo       plays one conversation with throw-away data, prints its frames and ends; may stand beside a run
  --help       this text

What follows -- goes to the AppHost as settings, for example -- --Models:OpenAi:Model=...
While it runs, artifacts/run.json tells scripts the addresses, connection strings, the dashboard's link and sample users.
TEXT
}

mode=foreground
build=yes
settings=()
while [ $# -gt 0 ]; do
    case $1 in
        --no-build) build=no ;;
        --detach | --stop | --demo) mode=${1#--} ;;
        -h | --help) usage; exit 0 ;;
        --) shift; settings=("$@"); break ;;
        *) usage >&2; fail "Unknown option: $1" ;;
    esac
    shift
done

artifacts="$root/artifacts"
pid_file="$artifacts/run.pid"
run_file="$artifacts/run.json"
log_file="$artifacts/run.log"
app_host="$artifacts/local/bin/AppHost/debug/AppHost.dll"

# When a process started, so that a recorded pid is not mistaken for another process that got the number since. Nothing
# when there is no such process, or only what nobody has collected of it yet (state Z).
started_at() {
    if [ -d /proc/self ]; then
        # 4711 (dotnet) S 1 4711 ...: state is the 3rd and start the 22nd field, counted after the name, which may hold spaces
        { sed 's/.*) //' "/proc/$1/stat" | awk '$1 != "Z" { print $20 }'; } 2>/dev/null || true
    else
        ps -o lstart= -p "$1" 2>/dev/null || true
    fi
}

# The pid of this checkout's run, or nothing. run.pid holds: pid, space, start.
running() {
    local pid start
    if read -r pid start 2>/dev/null <"$pid_file" && [ -n "$start" ] && [ "$(started_at "$pid")" = "$start" ]; then
        printf '%s\n' "$pid"
    fi
}

refuse_second() {
    local pid
    pid=$(running)
    if [ -n "$pid" ]; then fail "Already running in this checkout: pid $pid. End it with ./run.sh --stop"; fi
}

record() { printf '%s %s\n' "$1" "$(started_at "$1")" >"$pid_file"; }

# Takes the pid file, of two at the same moment only one.
claim() {
    refuse_second
    mkdir -p "$artifacts"
    rm -f "$pid_file" "$run_file"
    if ! (set -o noclobber && record $$) 2>/dev/null; then
        refuse_second
        fail "Another run.sh is starting in this checkout."
    fi
    trap 'rm -f "$pid_file"' EXIT
}

prepare() {
    require_sdk
    require_program redis-server redis redis-server
    require_program mariadb-server mariadb mariadbd mysqld
    install_missing
    if [ "$build" = yes ]; then build "$root/AppHost"; fi
    [ -f "$app_host" ] || fail "Nothing is built yet: run ./run.sh without --no-build."
}

# The AppHost as a child, so that its own start is what its boot times count from. It gets our signals, we end with its exit
# code. In a process group of its own (set -m) it hears of Ctrl-C once, from us.
child=
launch() {
    cd "$root/AppHost"
    trap 'kill -INT "$child"' INT
    trap 'kill -TERM "$child"' TERM HUP
    set -m
    dotnet "$app_host" "$@" </dev/null &
    child=$!
    set +m
    if [ "$mode" = foreground ]; then record "$child"; fi
    while kill -0 "$child" 2>/dev/null; do wait "$child" || true; done
    local code=0
    wait "$child" || code=$?
    exit "$code"
}

export DOTNET_ENVIRONMENT="${DOTNET_ENVIRONMENT:-Development}"

case $mode in
    foreground)
        claim
        prepare
        launch --RunFile="$run_file" ${settings[@]+"${settings[@]}"}
        ;;

    demo)
        prepare
        launch --Demo=true --LocalHosting:ThrowAwayData=true ${settings[@]+"${settings[@]}"}
        ;;

    detach)
        refuse_second
        prepare
        mkdir -p "$artifacts"
        # Only for its owner, as run.json: services write into it.
        rm -f "$run_file" "$log_file"
        (umask 077 && : >"$log_file")
        detached=(bash "$root/run.sh" --no-build -- --EndOnFailure=true ${settings[@]+"${settings[@]}"})
        if command -v setsid >/dev/null; then detached=(setsid "${detached[@]}"); else detached=(nohup "${detached[@]}"); fi
        "${detached[@]}" </dev/null >"$log_file" 2>&1 &
        child=$!
        for _ in $(seq 1200); do
            if [ -f "$run_file" ] && kill -0 "$child" 2>/dev/null; then
                say "All is healthy (pid $(running)). Log: $log_file. Addresses: $run_file. End it with ./run.sh --stop"
                grep -E '^(dashboard|chat) +http' "$log_file" || true
                exit 0
            fi
            if ! kill -0 "$child" 2>/dev/null; then
                code=0
                wait "$child" || code=$?
                tail -n 40 "$log_file" >&2
                printf 'The AppHost ended with exit code %s before all was healthy. Log: %s\n' "$code" "$log_file" >&2
                exit $((code == 0 ? 1 : code))
            fi
            sleep 0.1
        done
        kill "$child" 2>/dev/null || true
        tail -n 40 "$log_file" >&2
        fail "Not all was healthy within two minutes; ended it. Log: $log_file"
        ;;

    stop)
        pid=$(running)
        if [ -z "$pid" ]; then
            rm -f "$pid_file" "$run_file"
            say "Nothing runs in this checkout."
            exit 0
        fi
        kill "$pid" 2>/dev/null || true
        for _ in $(seq 300); do
            if [ -z "$(running)" ]; then
                rm -f "$pid_file" "$run_file"
                say "Ended (pid $pid)."
                exit 0
            fi
            sleep 0.1
        done
        kill -KILL "$pid" 2>/dev/null || true
        rm -f "$pid_file" "$run_file"
        fail "It did not end within 30 s and was killed (pid $pid)."
        ;;
esac
