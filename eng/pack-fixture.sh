#!/usr/bin/env bash
# Packs fixture folders for the tests: eng/pack-fixture.sh GROUP FOLDER... writes tests/Fixtures/GROUP/NAME.tar.br
# Each archive is a tar with fixed times and owners, so the same folder gives the same bytes. Needs node (brotli) and GNU tar.
# Safetensors are stored as byte planes (all first bytes of the words, then all second bytes, ...), which compresses better; tests/Fathom.Tests/Fixtures/Fixture.cs undoes it.
# An archive is committed once and never replaced.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
group=$1; shift
mkdir -p "$here/../tests/Fixtures/$group"
for folder in "$@"; do
    name=$(basename "$folder")
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    cp -r --no-preserve=mode "$folder" "$work/$name"
    node "$here/pack-fixture.mjs" prepare "$work/$name"
    tar --sort=name --owner=0 --group=0 --mtime=@0 -C "$work" -cf - "$name" | node "$here/pack-fixture.mjs" compress "$here/../tests/Fixtures/$group/$name.tar.br"
    rm -rf "$work"
done
