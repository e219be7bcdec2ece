# What run.sh and test.sh need before they start. Sourced by both; expects $root.

say() { printf '%s\n' "$*"; }

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

# Debian keeps mariadbd where only root's PATH looks; Microsoft's install script puts dotnet into the home folder.
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/opt/homebrew/bin:/usr/local/bin:${HOME:-/root}/.dotnet"

require_sdk() {
    if ! command -v dotnet >/dev/null; then
        fail "The .NET SDK 10 is not installed: https://dotnet.microsoft.com/download/dotnet/10.0"
    fi
    # Asked in the checkout's folder, dotnet itself compares with global.json.
    local answer
    if ! answer=$(cd "$root" && dotnet --version 2>&1); then
        fail "$answer
global.json asks for the .NET SDK 10.0.100 or a later 10.0: https://dotnet.microsoft.com/download/dotnet/10.0"
    fi
}

# require_program <debian package> <homebrew package> <program>...   one of the programs is enough
missing_apt=()
missing_brew=()
require_program() {
    local apt=$1 brew=$2 program
    shift 2
    for program in "$@"; do
        if command -v "$program" >/dev/null; then return; fi
    done
    say "Missing: $*"
    missing_apt+=("$apt")
    missing_brew+=("$brew")
}

# The browser that tests drive. Ubuntu has Chromium as a snap only, and a snap is nothing that a script should install.
require_browser() {
    if [ -d '/Applications/Google Chrome.app' ]; then return; fi
    if grep -qs '^ID=ubuntu' /etc/os-release && ! command -v chromium google-chrome google-chrome-stable >/dev/null; then
        fail "Install Google Chrome (https://www.google.com/chrome/) or Chromium (snap install chromium), then try again."
    fi
    require_program chromium chromium chromium google-chrome google-chrome-stable
}

install_missing() {
    if [ ${#missing_apt[@]} -eq 0 ]; then return; fi
    local install="apt-get install -y --no-install-recommends ${missing_apt[*]}"
    if ! command -v apt-get >/dev/null; then
        if command -v brew >/dev/null; then fail "Run this, then try again: brew install ${missing_brew[*]}"; fi
        fail "Install these with your system's package manager, then try again: ${missing_apt[*]}"
    fi
    if [ "$(id -u)" -ne 0 ]; then
        fail "Run this, then try again: sudo apt-get update && sudo $install"
    fi

    say "Installing ${missing_apt[*]}"
    (
        # Only the programs are wanted: the packages would start system services on the standard ports.
        policy=/usr/sbin/policy-rc.d
        if [ ! -e "$policy" ]; then
            trap 'rm -f "$policy"' EXIT
            printf '#!/bin/sh\nexit 101\n' >"$policy"
            chmod +x "$policy"
        fi
        export DEBIAN_FRONTEND=noninteractive
        # shellcheck disable=SC2086
        if ! output=$( (apt-get update && $install) 2>&1 ); then fail "$output"; fi
    )
}

# install_clients <folder>   other people's programs for the tests, exactly as its lockfile says; npm marks the end of an installation
install_clients() {
    local installed="$1/node_modules/.package-lock.json"
    if [ -f "$installed" ] && [ ! "$1/package-lock.json" -nt "$installed" ]; then return; fi
    say "Installing the packages of ${1#"$root/"}"
    local output
    if ! output=$(cd "$1" && npm ci --ignore-scripts --no-audit --no-fund 2>&1); then fail "$output"; fi
    touch "$installed"
}

# No build server stays behind when we are done.
build() {
    say "Building $1"
    dotnet build "$1" --nologo -v quiet -clp:ErrorsOnly -warnaserror -nodeReuse:false -p:UseSharedCompilation=false
}
