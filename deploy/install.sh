#!/bin/sh
# Installs the notebook on Debian 12 or later, without a network, or brings an installed one up to date.
# Asks five questions the first time. Needs python3-venv, nginx and openssl, and is run as root:
#   tar xf daftar-….tar.gz && cd daftar-… && ./deploy/install.sh
set -eu
umask 022
cd "$(dirname "$0")/.."
here=/opt/daftar settings=/etc/daftar/daftar.env

stop() { echo "$*" >&2; exit 1; }
has_systemd() { [ -d /run/systemd/system ]; }
ask() { # variable, question, default
    printf '%s%s: ' "$2" "${3:+ [$3]}"
    IFS= read -r answer || answer=
    case $answer in *\'*) stop "Without ' please." ;; esac
    default=${3:-}
    eval "$1=\${answer:-\$default}"
}

set_to() { # a setting, its value: as an expression of sed's
    printf "s|^%s=.*|%s='%s'|" "$1" "$1" "$(printf %s "$2" | sed 's/[&|\\]/\\&/g')"
}

[ "$(id -u)" = 0 ] || stop "Run this as root."
for program in python3 nginx openssl runuser; do
    command -v "$program" >/dev/null || stop "$program is missing: apt install python3-venv nginx openssl"
done
python3 -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    stop "Python 3.11 or newer with venv is needed: apt install python3-venv"
sha256sum --quiet --check SHA256SUMS || stop "The package is damaged: fetch it again."

running=
if [ -e "$settings" ]; then
    is_new=
else
    is_new=yes
    ask own "1. The host on which the staff signs in, such as notebook.example"
    ask public "2. A host of its own for public sign-ups, with a name that says as little; empty for none"
    ask certificate "3. Their certificate, with its key beside it (privkey.pem, or .key); empty: one is made that browsers warn of"
    ask database "4. The database: empty for SQLite, or such as postgresql+psycopg://daftar@/daftar"
    ask second "5. The command that takes backups elsewhere, such as rsync -a {folder}/ other:daftar/"
    [ -n "$own" ] || stop "Without a host nobody finds it."
fi

id daftar >/dev/null 2>&1 ||
    useradd --system --home-dir /var/lib/daftar --shell /usr/sbin/nologin daftar
install -d -m 0700 -o daftar -g daftar /var/lib/daftar
install -d -m 0750 -o root -g daftar /etc/daftar

# Beside what runs, then in its place: whoever is served meanwhile is served by the one before.
rm -rf "$here.new"
mkdir -p "$here.new"
cp -R app templates static deploy docs wsgi.py requirements.txt requirements-postgres.txt README.md \
    LICENSE VERSION packages.cdx.json "$here.new/"
python3 -m venv "$here.new/.venv"
"$here.new/.venv/bin/pip" install --quiet --no-index --find-links wheels --require-hashes \
    -r requirements.txt -r requirements-postgres.txt
# A venv knows where it lies: its programs are told where it will be.
grep -rlI --null "$here.new" "$here.new/.venv/bin" "$here.new/.venv/pyvenv.cfg" | xargs -0 sed -i "s|$here.new|$here|g"
chmod -R go-w "$here.new"

if [ -n "$is_new" ]; then
    if [ -z "$certificate" ]; then
        certificate=/etc/daftar/certificate.pem key=/etc/daftar/certificate.key
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
            -subj "/CN=$own" -addext "subjectAltName=DNS:$own${public:+,DNS:$public}" \
            -keyout "$key" -out "$certificate" 2>/dev/null || stop "openssl made no certificate."
        chmod 0600 "$key"
    else
        key=$(dirname "$certificate")/privkey.pem
        [ -r "$key" ] || key=${certificate%.*}.key
        [ -r "$certificate" ] && [ -r "$key" ] || stop "$certificate or its key is not there."
    fi
    sed -e "$(set_to DAFTAR_ADDRESS "https://$own")" -e "$(set_to DAFTAR_PUBLIC_HOST "$public")" \
        -e "$(set_to DAFTAR_DATABASE "$database")" -e "$(set_to DAFTAR_BACKUP_COMMAND "$second")" \
        deploy/daftar.env >"$settings"
    chown root:daftar "$settings"
    chmod 0640 "$settings"
    sed -e "s|notebook.example workshops.example|$own${public:+ $public}|" \
        -e "s|/etc/ssl/notebook.pem|$certificate|" -e "s|/etc/ssl/private/notebook.key|$key|" \
        deploy/nginx.conf >/etc/nginx/conf.d/daftar.conf
    nginx -t -q || stop "nginx does not take /etc/nginx/conf.d/daftar.conf: see above."
fi

install -m 0755 deploy/daftar /usr/local/bin/daftar
install -d /etc/systemd/system
install -m 0644 deploy/*.service deploy/*.timer /etc/systemd/system/

if [ -n "$is_new" ]; then
    mv "$here.new" "$here"
    daftar init
else
    running=daftar@8000
    if has_systemd; then
        running=$(systemctl list-units --plain --no-legend 'daftar@*' | awk '{ print $1 }')
        systemctl stop 'daftar@*'
    fi
    rm -rf "$here.before"
    mv "$here" "$here.before"
    mv "$here.new" "$here"
    daftar upgrade || {
        rm -rf "$here.new"
        mv "$here" "$here.new"
        mv "$here.before" "$here"
        has_systemd && systemctl start $running
        stop "Nothing was changed: the one before is in its place again."
    }
fi

if has_systemd; then
    systemctl daemon-reload
    systemctl enable --quiet --now ${running:-daftar@8000} daftar-backup.timer daftar-drill.timer daftar-sweep.timer
    systemctl reload-or-restart nginx
fi
daftar doctor || true
