#!/bin/sh
# One file with everything that installs on a server without a network: dist/daftar-VERSION.tar.gz.
# The code as committed, the packages as wheels with their hashes, a list of them (CycloneDX), and
# the installer. Made on a machine like the server: the wheels are for this Python and processor.
set -eu
cd "$(dirname "$0")/.."
bin=${1:?where pip and cyclonedx-py are}

version=$(git log -1 --format=%cd-%h --date=format:%Y%m%d)
name=daftar-$version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/$name/wheels" dist

git archive HEAD app templates static deploy docs wsgi.py requirements.txt requirements-postgres.txt \
    README.md LICENSE | tar -x -C "$work/$name"
"$bin/pip" download --quiet --require-hashes --only-binary :all: --dest "$work/$name/wheels" \
    -r requirements.txt -r requirements-postgres.txt
"$bin/cyclonedx-py" requirements --output-reproducible --output-file "$work/$name/packages.cdx.json" requirements.txt
echo "$version" >"$work/$name/VERSION"
(cd "$work/$name" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS)
tar -C "$work" --sort=name --owner=0 --group=0 --mtime=@0 -czf "dist/$name.tar.gz" "$name"
(cd dist && sha256sum "$name.tar.gz")
