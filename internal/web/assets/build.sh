#!/bin/sh
# Fetches the foreign files of the screens (fixed by package-lock.json) and
# copies the few that are embedded into dist/. A stamp file keeps it from being
# repeated while neither list changed.
set -eu
cd "$(dirname "$0")"
want=$(cat package.json package-lock.json build.sh | sha256sum | cut -d' ' -f1)
if [ -f dist/.stamp ] && [ "$(cat dist/.stamp)" = "$want" ] && [ -d node_modules/axe-core ]; then
	exit 0
fi
if ! command -v npm >/dev/null 2>&1; then
	echo "assets: npm is missing; install Node.js (Debian: apt-get install nodejs npm) and run make assets again" >&2
	exit 1
fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
rm -f dist/.stamp dist/*.js dist/*.woff2 dist/*.txt
cp node_modules/htmx.org/dist/htmx.min.js dist/htmx.min.js
cp node_modules/htmx.org/LICENSE dist/htmx-LICENSE.txt
cp node_modules/@fontsource/be-vietnam-pro/LICENSE dist/be-vietnam-pro-LICENSE.txt
for set in vietnamese latin; do
	for weight in 400 500 600 700; do
		cp "node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro-$set-$weight-normal.woff2" dist/
	done
done
echo "$want" > dist/.stamp
