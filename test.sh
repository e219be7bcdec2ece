#!/usr/bin/env bash
# Builds everything and runs every test. Ends with one line: N passed, N failed, N skipped.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
. "$root/.ci/prepare.sh"

usage() {
    cat <<'TEXT'
./test.sh [--filter EXPRESSION] [--no-build]

Installs what is missing (apt, as root on Debian and Ubuntu), builds with warnings as errors and runs all test projects,
one after the other. Results go to artifacts/test-results/*.trx, pictures and traces of what failed in the browser
to artifacts/test-results/browser.

  --filter EXPRESSION   which tests, in the syntax of `dotnet test --filter`, for example
                        --filter FullyQualifiedName~TokenVerifier   or   --filter Spec=T001-004
                        Without the word Category in it, tests that need more than this machine or much time stay
                        out: Category live, load, soak, security-soak and screenshots.
  --no-build            runs what was built last

Fails when a test fails, when a test is skipped that is not in Category live, when a test project does not report, and
when nothing matches the filter in any project.
TEXT
}

usual='Category!=live&Category!=load&Category!=soak&Category!=security-soak&Category!=screenshots'
filter=$usual
build=yes
while [ $# -gt 0 ]; do
    case $1 in
        --filter)
            [ $# -ge 2 ] || fail "--filter needs an expression."
            filter=$2
            shift
            ;;
        --filter=*) filter=${1#--filter=} ;;
        --no-build) build=no ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; fail "Unknown option: $1" ;;
    esac
    shift
done
case $filter in
    *Category*) ;;
    *) filter="($filter)&$usual" ;;
esac

require_sdk
require_program redis-server redis redis-server
require_program mariadb-server mariadb mariadbd
require_program nodejs node node
require_program npm node npm
require_browser
install_missing
install_clients "$root/tests/Clients"

cd "$root"
if [ "$build" = yes ]; then build AiPlatform.sln; fi

results="$root/artifacts/test-results"
mkdir -p "$results"
rm -rf "${results:?}"/*

# The outcomes of a trx, one line each: outcome, tab, display name.
# <UnitTestResult executionId=".." testName="A.B.C(text: &quot;x&quot;)" computerName=".." outcome="Passed" ...>
outcomes() {
    { grep -o '<UnitTestResult [^>]*>' "$1" || true; } |
        sed -E 's/.* testName="([^"]*)".* outcome="([^"]*)".*/\2\t\1/' |
        sed -e 's/&quot;/"/g' -e "s/&apos;/'/g" -e 's/&lt;/</g' -e 's/&gt;/>/g' -e 's/&amp;/\&/g'
}

# The display names of a project's live tests, which may be skipped: they need keys that not everybody has.
live_tests() {
    dotnet test "$1" --list-tests --filter Category=live 2>/dev/null | sed -n 's/^    \([^ ].*\)$/\1/p'
}

# A busy machine may take longer than VSTest's 90 seconds to start a test process.
export VSTEST_CONNECTION_TIMEOUT=300
noise="^(Test run for|A total of 1 test files|Starting test execution|No test matches|Results File:|VSTest version|Data collector 'Blame'|\$)"

passed=0
failed=0
skipped=0
problems=()
for project in tests/*.Tests/*.csproj; do
    name=$(basename "$project" .csproj)
    dll="$root/artifacts/local/bin/$name/debug/$name.dll"
    trx="$results/$name.trx"
    log="$results/$name.log"
    if [ ! -f "$dll" ]; then
        problems+=("$name is not built.")
        continue
    fi
    say "Testing $name"
    code=0
    dotnet test "$dll" --filter "$filter" --results-directory "$results" --logger "trx;LogFileName=$name.trx" \
        --blame-hang-timeout 15m --blame-hang-dump-type none 2>&1 |
        tee "$log" | { grep -vE "$noise" || true; } || code=$?
    if [ ! -f "$trx" ]; then
        # A project where nothing matches, or that has no tests yet, writes no results; one that broke does not either.
        if [ "$code" -eq 0 ] && grep -qE '^No test (matches|is available)' "$log"; then continue; fi
        problems+=("$name wrote no results (exit code $code); counted as one failure.")
        failed=$((failed + 1))
        continue
    fi

    list=$(outcomes "$trx")
    project_passed=$(grep -c '^Passed	' <<<"$list" || true)
    project_skipped=$(grep -c '^NotExecuted	' <<<"$list" || true)
    project_failed=$(grep -cvE '^((Passed|NotExecuted)	|$)' <<<"$list" || true)
    passed=$((passed + project_passed))
    skipped=$((skipped + project_skipped))
    failed=$((failed + project_failed))
    if [ "$code" -ne 0 ] && [ "$project_failed" -eq 0 ]; then
        problems+=("$name broke off with exit code $code; counted as one failure.")
        failed=$((failed + 1))
    fi
    if [ "$project_skipped" -gt 0 ]; then
        live=$(live_tests "$dll")
        while IFS=$'\t' read -r _ test; do
            grep -qxF -- "$test" <<<"$live" || problems+=("Skipped: $test")
        done < <(grep '^NotExecuted	' <<<"$list")
    fi
done

find "$results" -mindepth 1 -type d -empty -delete

if [ $((passed + failed + skipped)) -eq 0 ]; then problems+=("No test matches the filter $filter"); fi
if [ ${#problems[@]} -gt 0 ]; then printf '%s\n' "${problems[@]}" >&2; fi
say "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ ${#problems[@]} -eq 0 ]
