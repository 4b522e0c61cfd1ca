#!/bin/sh
# System libraries that no wheel carries. As root they are installed, otherwise the one line to run is printed.
#   deploy/system.sh pdf | browser | gettext
set -eu
case "$1" in
  pdf) packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" ;;
  browser) packages="chromium" ;;
  gettext) packages="gettext" ;;
  *) echo "usage: deploy/system.sh pdf|browser|gettext" >&2; exit 2 ;;
esac
command -v dpkg-query >/dev/null 2>&1 || exit 0
missing=""
for package in $packages; do
  # the "t64" names are those of newer Debian and Ubuntu releases
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "ok installed" ||
    dpkg-query -W -f='${Status}' "${package}t64" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -q --no-install-recommends $missing >/dev/null 2>&1 ||
    { apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends $missing >/dev/null; }
else
  echo "Something that the portal needs is not on this machine. Please run once:"
  echo "  sudo apt-get install --no-install-recommends$missing"
fi
