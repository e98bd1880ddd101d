#!/bin/sh
# Makes sure that there is a Chromium for the tests of the browser side: as root on Debian or Ubuntu it is installed.
# Where it cannot be had, one line says so; the tests that need it are then skipped, or fail when CI is set.
set -eu

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then exit 0; fi
done
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    printf 'chromium: none found; install the package chromium (as root: apt-get install chromium), or the tests of the browser cannot run\n' >&2
    exit 0
fi
printf 'chromium: installing the package chromium\n'
export DEBIAN_FRONTEND=noninteractive
apt-get install -y --no-install-recommends chromium >/dev/null 2>&1 ||
    { apt-get update && apt-get install -y --no-install-recommends chromium; } >/dev/null 2>&1 ||
    printf 'chromium: apt-get could not install it; the tests of the browser cannot run\n' >&2
