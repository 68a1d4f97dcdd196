#!/bin/sh
# Resolves the lock files from pyproject.toml, for every platform and Python that is served.
#
# What is locked stays as it is as long as it satisfies pyproject.toml; --upgrade lets it move.
# Wheels only: what would have to be compiled could not be installed on a bare machine.
set -eu
cd "$(dirname "$0")/.."
uv=.venv/bin/uv

resolve() {
    name=$1
    shift
    "$uv" pip compile pyproject.toml --quiet "$@" --universal --python-version 3.11 \
        --only-binary :all: --generate-hashes --no-emit-index-url \
        --custom-compile-command 'make lock' --output-file "requirements/$name.txt"
}

# The later ones take the versions of the earlier ones, so that one environment can hold all.
resolve runtime "$@"
resolve development "$@" --group dev --constraints requirements/runtime.txt
"$uv" pip compile --group build --quiet --universal --python-version 3.11 \
    --only-binary :all: --generate-hashes --no-emit-index-url \
    --custom-compile-command 'make lock' --constraints requirements/development.txt \
    --output-file requirements/build.txt

nowhere=$(mktemp -d)
trap 'rm -rf "$nowhere"' EXIT

# A release that has dropped a platform must be noticed here, not on that platform.
for python in 3.11 3.12 3.13 3.14; do
    for platform in x86_64-manylinux_2_28 aarch64-manylinux_2_28 aarch64-apple-darwin; do
        for name in build runtime development; do
            "$uv" pip install --quiet --dry-run --target "$nowhere" --no-deps \
                --require-hashes --only-binary :all: --python-version "$python" \
                --python-platform "$platform" --requirement "requirements/$name.txt"
        done
        echo "Python $python on $platform: every wheel is there"
    done
done
