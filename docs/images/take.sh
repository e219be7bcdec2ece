#!/usr/bin/env bash
# Makes the pictures of the README anew: the whole graph, some turns of a conversation, and the pages of its dashboard.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
. "$root/.ci/prepare.sh"

max_kilobytes=150

require_sdk
require_program redis-server redis redis-server
require_program mariadb-server mariadb mariadbd
require_browser
require_program pngquant pngquant pngquant
install_missing

cd "$root"
build tests/Browser.Tests
dotnet test artifacts/local/bin/Browser.Tests/debug/Browser.Tests.dll --filter Category=screenshots

for picture in docs/images/*.png; do
    pngquant --force --ext .png --speed 1 --strip 64 "$picture"
    kilobytes=$(($(wc -c <"$picture") / 1024))
    say "$picture: $kilobytes KB"
    [ "$kilobytes" -lt "$max_kilobytes" ] || fail "$picture is larger than $max_kilobytes KB."
done
