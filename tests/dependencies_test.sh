#!/usr/bin/env bash
# scripts/packages.txt covers what the finished builds of this checkout used.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

builds=()
for build in build/asan build/release build/tsan; do
  if [ -f "$build/build.ninja" ]; then builds+=("$build"); fi
done
exec scripts/dependencies --check "${builds[@]}"
