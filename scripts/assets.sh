#!/usr/bin/env bash
# Fonts and script for the browser, from the npm registry by the lock file.
set -euo pipefail
cd "$(dirname "$0")/../internal/web/assets"
exec bash ./build.sh
