#!/usr/bin/env bash
# Installs what a fresh Debian machine lacks. Go and Node.js are expected.
#   setup.sh run    what building and running needs
#   setup.sh test   also PostgreSQL, Chromium and poppler for the tests
set -euo pipefail
need=()
command -v go   >/dev/null || { echo "Cần Go (https://go.dev) trong PATH. Go is needed in PATH." >&2; exit 1; }
command -v node >/dev/null || { echo "Cần Node.js trong PATH. Node.js is needed in PATH." >&2; exit 1; }
command -v npm  >/dev/null || need+=(npm)
if [ "${1:-run}" = test ]; then
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || need+=(postgresql)
  command -v chromium  >/dev/null || need+=(chromium)
  command -v pdftotext >/dev/null || need+=(poppler-utils)
fi
[ ${#need[@]} -eq 0 ] && exit 0
echo "Cài đặt / installing: ${need[*]}"
sudo=; [ "$(id -u)" -eq 0 ] || sudo=sudo
export DEBIAN_FRONTEND=noninteractive
# A new cluster is not wanted: tests make their own and stop it.
if printf '%s\n' "${need[@]}" | grep -qx postgresql && [ -d /etc ]; then
  $sudo mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' | $sudo tee /etc/postgresql-common/createcluster.conf >/dev/null
fi
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends "${need[@]}"
