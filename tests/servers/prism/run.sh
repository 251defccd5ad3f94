#!/bin/sh
# Installs what package-lock.json names if it is not there yet, cuts the API descriptions to size,
# then becomes the proxy of index.js (read what it says about arguments, output and how it ends).
set -eu
here=$(cd "$(dirname "$0")" && pwd)

(
  flock 9
  if ! cat "$here/package-lock.json" "$here/cut.js" | cmp -s - "$here/descriptions/.made"; then
    (cd "$here" && npm ci --no-audit --no-fund --loglevel=error >&2)
    rm -rf "$here/descriptions"
    node "$here/cut.js" "$here/node_modules/@octokit/openapi/generated" "$here/descriptions"
    rm -rf "$here/node_modules/@octokit" # 390 MB, and cut is all that is needed of it
    cat "$here/package-lock.json" "$here/cut.js" >"$here/descriptions/.made"
  fi
) 9>"$here/.install.lock"

exec node "$here/index.js" "$@"
