#!/bin/sh
# Installs what the tests open and pip cannot bring: browsers, a PostgreSQL server and a proxy.
# Where it may not, it says in one line what will be left out; with CI set that is a failure.
set -u

has_browser() { command -v chromium >/dev/null && fc-list 2>/dev/null | grep -qi 'noto.*arab'; }
has_engines() { command -v firefox-esr && command -v WebKitWebDriver && command -v Xvfb; } >/dev/null
has_nginx() { command -v nginx >/dev/null || [ -x /usr/sbin/nginx ]; }
has_postgres() { ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; }
may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

packages=
has_browser || packages="chromium fonts-noto-core fontconfig"
has_engines || packages="$packages firefox-esr webkit2gtk-driver xvfb"
has_postgres || packages="$packages postgresql"
has_nginx || packages="$packages nginx"

if [ -n "$packages" ] && may_install; then
    # The programs alone are wanted: no cluster is made, nothing is started.
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
        printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
        chmod +x /usr/sbin/policy-rc.d
    fi
    export DEBIAN_FRONTEND=noninteractive
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
        echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
    # shellcheck disable=SC2086
    { apt-get -qq update && apt-get -qq install --no-install-recommends $packages; } >/dev/null
fi

missing=
has_browser || missing="the browser journeys (chromium, fonts-noto-core)"
has_engines || missing="${missing:+$missing and }the journeys on Firefox and WebKit (firefox-esr, webkit2gtk-driver, xvfb)"
has_postgres || missing="${missing:+$missing and }the suite on PostgreSQL (postgresql)"
has_nginx || missing="${missing:+$missing and }what stands behind a proxy (nginx)"
[ -z "$missing" ] && exit 0
echo "Left out, for want of packages: $missing." >&2
case "${CI:-}" in '' | 0 | false) ;; *) exit 1 ;; esac
