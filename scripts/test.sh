#!/usr/bin/env bash
# Installs what is missing, builds everything and runs all tests. Arguments go to the build, such as
# -Xswiftc -warnings-as-errors.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
swift build -c release --build-tests "$@"
swift test -c release --skip-build "$@"
