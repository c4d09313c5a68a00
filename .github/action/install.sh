#!/usr/bin/env bash
# Puts `rulecast` on PATH: a release binary whose checksum is the published one, or one built from the sources beside this.
#
# In: RULECAST_INSTALL (auto, release, cargo, none), RULECAST_VERSION, RULECAST_RELEASES (a URL: a folder for each tag), and
# what GitHub's runner sets. Out: a line in GITHUB_PATH, `version` in GITHUB_OUTPUT.
set -euo pipefail

sources="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
wanted="${RULECAST_VERSION#v}"
# The version of the workspace is the first in its manifest.
own="$(sed -n 's/^version = "\(.*\)"$/\1/p' "$sources/Cargo.toml" | head -n 1)"
version="${wanted:-$own}"
folder="$RUNNER_TEMP/rulecast"
# On Windows, this shell and the runner name a folder differently.
if command -v cygpath > /dev/null; then folder="$(cygpath -u "$folder")"; fi
native() { if command -v cygpath > /dev/null; then cygpath -w "$1"; else echo "$1"; fi; }
mkdir -p "$folder/bin"

fail() { printf '::error title=rulecast::%s\n' "$1"; exit 1; }

# The name of the platform in the names of the release's files.
platform() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo x86_64-unknown-linux-musl ;;
    Linux-aarch64 | Linux-arm64) echo aarch64-unknown-linux-musl ;;
    Darwin-x86_64) echo x86_64-apple-darwin ;;
    Darwin-arm64) echo aarch64-apple-darwin ;;
    MINGW*-x86_64 | MSYS*-x86_64) echo x86_64-pc-windows-msvc ;;
    *) return 1 ;;
  esac
}

digest() {
  if command -v sha256sum > /dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# 0: installed; 1: there is no such binary. A binary that is not the published one ends it all.
from_release() {
  local platform archive expected actual
  platform="$(platform)" || return 1
  archive="rulecast-$version-$platform.tar.gz"
  local from="$RULECAST_RELEASES/v$version"
  (cd "$folder" && curl --silent --show-error --fail --fail-early --location --retry 3 -O "$from/SHA256SUMS" -O "$from/$archive") || return 1
  expected="$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$archive\$/\1/p" "$folder/SHA256SUMS")"
  actual="$(digest "$folder/$archive")"
  test -n "$expected" || fail "SHA256SUMS of $version does not name $archive"
  test "$expected" = "$actual" || fail "$archive has the SHA-256 $actual, and not $expected as published"
  tar -xzf "$folder/$archive" -C "$folder/bin" --strip-components 1
}

from_sources() {
  test "$version" = "$own" || fail "there is no binary of $version for this runner, and the sources here are of $own"
  cargo install --locked --quiet --root "$folder" --path "$sources"
}

case "$RULECAST_INSTALL" in
  release) from_release || fail "there is no binary of $version for this runner" ;;
  cargo) from_sources ;;
  auto) from_release || { echo "No binary of $version for this runner: building it."; from_sources; } ;;
  none) folder= ;;
  *) fail "\`install\` is auto, release, cargo or none, and not $RULECAST_INSTALL" ;;
esac

if test -n "$folder"; then
  native "$folder/bin" >> "$GITHUB_PATH"
  PATH="$folder/bin:$PATH"
fi
echo "version=$(rulecast --version)" >> "$GITHUB_OUTPUT"
