#!/bin/bash
# Installs the newest package of dist/ on a bare Debian 12 with its own systemd and no network, and keeps it there:
# signs in through nginx, backs up, drills, upgrades, moves to PostgreSQL, restores. Needs root, Debian,
# mmdebstrap, systemd-container, and `make package` before it. Not part of `make test`.
set -euo pipefail
cd "$(dirname "$0")/.."
package=$(ls -t dist/daftar-*.tar.gz | head -1)
root=${1:-$(mktemp -d)/debian}

if [ ! -e "$root/etc" ]; then
    mmdebstrap --variant=minbase --include=systemd,systemd-sysv,python3-venv,nginx-light,openssl,curl,postgresql \
        bookworm "$root" http://deb.debian.org/debian
fi
cp "$package" "$root/root/package.tar.gz"
systemd-nspawn --directory="$root" --register=no --keep-unit --private-network --boot --console=pipe \
    </dev/null >"$root.log" 2>&1 &
nspawn=$!
trap 'kill $nspawn; wait $nspawn || true' EXIT

init=
until [ -n "$init" ]; do
    init=$(pgrep -P $nspawn || true)
    sleep 0.2
done
in_it() {
    nsenter --target "$init" --all env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin bash -euo pipefail -c "$1"
}
says() { printf '\n== %s\n' "$*"; }
in_it 'systemctl is-system-running --wait' || true

says "installed without a network"
in_it 'cd /root && tar xf package.tar.gz && cd daftar-*/ &&
    printf "notebook.example\nworkshops.example\n\n\n\n" | ./deploy/install.sh >/root/shown 2>/root/said
    systemctl is-active daftar@8000 nginx'

says "signed in, through nginx and TLS"
in_it 'until curl -sf -H "Host: notebook.example" localhost:8000/healthz; do sleep 1; done; echo
    word() { sed -n "s/^$1: *\([^ ]*\).*/\1/p" /root/shown; }
    ask="curl -sS --cacert /etc/daftar/certificate.pem --resolve notebook.example:443:127.0.0.1 -c /root/jar -b /root/jar"
    $ask -o /dev/null -H "Sec-Fetch-Site: same-origin" --data-urlencode "username=$(word "User name")" \
        --data-urlencode "passphrase=$(word Passphrase)" https://notebook.example/sign-in
    $ask -L -w "%{http_code} HTTP/%{http_version} %{url_effective}\n" -o /root/page https://notebook.example/
    grep -q "/leave" /root/page && ! grep -q passphrase /root/page'

says "backed up, drilled, swept by their units"
in_it 'for job in backup drill sweep; do systemctl start daftar-$job; done; journalctl -o cat -u daftar-backup -u daftar-drill | grep -E "MB|signed in"'

says "installed again, as an upgrade"
in_it 'cd /root/daftar-*/ && ./deploy/install.sh >/dev/null 2>&1 && systemctl is-active daftar@8000'

says "moved to PostgreSQL, served by two processes"
in_it 'cd / && systemctl start postgresql && runuser -u postgres -- createuser daftar && runuser -u postgres -- createdb -O daftar daftar
    systemctl stop "daftar@*" && daftar move --into postgresql+psycopg://daftar@/daftar
    sed -i "s|^DAFTAR_DATABASE=.*|DAFTAR_DATABASE='"'postgresql+psycopg://daftar@/daftar'"'|" /etc/daftar/daftar.env
    systemctl start daftar@8000 daftar@8001
    for port in 8000 8001; do until curl -sf -H "Host: notebook.example" localhost:$port/healthz; do sleep 1; done; echo; done
    systemctl start daftar-backup && systemctl start daftar-drill'

says "upgraded with both, which run again"
in_it 'cd /root/daftar-*/ && ./deploy/install.sh >/dev/null 2>&1 && systemctl is-active -q daftar@8000 && systemctl is-active -q daftar@8001 && echo both'

says "restored into an empty database, with the key that was printed"
in_it 'cd / && systemctl stop "daftar@*" && runuser -u postgres -- createdb -O daftar again
    sed -i "s|@/daftar|@/again|" /etc/daftar/daftar.env
    grep -o "AGE-SECRET-KEY-1[A-Z0-9]*" /root/shown >/root/key
    daftar restore "$(ls -t /var/lib/daftar/backups/*.age | head -1)" --identity - </root/key
    systemctl start daftar@8000; until curl -sf -H "Host: notebook.example" localhost:8000/healthz; do sleep 1; done; echo
    daftar audit verify'
says "all of it"
