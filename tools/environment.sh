#!/bin/sh
# Makes .venv at the root of the tree, or leaves it alone when it is already what it should be.
#
#   tools/environment.sh runtime        what the program needs
#   tools/environment.sh development    and what the tests and the checks need
#
# What it should be: made at this place, by a Python that still works, from the lock file as it is
# now. Anything else (moved, half made, another lock, made by hand) is made anew, so that .venv
# never holds more than the lock says. Only the project's own metadata is refreshed in place.
#
# Of several that run at once one makes it, the others wait and find it made.
#
# PYTHON names the interpreter; without it the newest supported one on PATH is taken.
set -eu

level=$1
cd "$(dirname "$0")/.."
place=$(pwd -P)

# An inherited setting must not reach into the environment that is made here.
unset PYTHONHOME PYTHONPATH
PIP_DISABLE_PIP_VERSION_CHECK=1
PIP_REQUIRE_VIRTUALENV=0
PIP_USER=0
export PIP_DISABLE_PIP_VERSION_CHECK PIP_REQUIRE_VIRTUALENV PIP_USER
# An empty HOME would make ~/.cache mean /.cache; without one, the account's own is asked for.
[ -n "${HOME:-}" ] || unset HOME

fail() {
    printf 'gongkai: %s\n' "$1" >&2
    exit 1
}

# Prints `usable`, or why this interpreter is not. Even Python 2 understands it.
probe='
import sys

name = "Python %d.%d.%d (%s)" % (sys.version_info[:3] + (sys.executable,))


def unmet():
    if sys.version_info < (3, 11):
        return name + " is too old: Python 3.11 or newer is needed"
    if sys.version_info >= (3, 15):
        return name + " is too new: the lock files serve Python 3.11 to 3.14"
    import os, platform, sysconfig
    system, machine = platform.system(), platform.machine()
    served = (system, machine) in {("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "arm64")}
    if served and system == "Linux":
        try:
            glibc = os.confstr("CS_GNU_LIBC_VERSION").split()[1]
            served = tuple(int(part) for part in glibc.split(".")[:2]) >= (2, 28)
        except (AttributeError, OSError, ValueError):
            served = False
    if not served:
        return ("this platform (" + system + " " + machine + ") is not supported: Linux with glibc"
                " 2.28 or newer on x86_64 or aarch64, or macOS on arm64, is needed")
    if sys.implementation.name != "cpython" or sysconfig.get_config_var("Py_GIL_DISABLED"):
        return name + " is not supported: the ordinary build of CPython is needed"
    try:
        import ensurepip, venv
    except ImportError:
        return (name + " cannot make a virtual environment: install its venv module"
                " (on Debian or Ubuntu: apt install python%d.%d-venv)" % sys.version_info[:2])
    return "usable"


print(unmet())
'

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
        reason="no Python was found at $PYTHON"
    else
        set -- python3.14 python3.13 python3.12 python3.11 python3 python
        reason="no Python was found: Python 3.11 or newer is needed"
    fi
    asked=
    for candidate; do
        # What does not run at all, such as a link into nowhere, is no interpreter.
        answer=$("$candidate" -c "$probe" 2>/dev/null) || continue
        if [ "$answer" = usable ]; then
            python=$candidate
            return
        fi
        # The first answer is kept: it comes from the interpreter that was wanted most.
        [ -n "$asked" ] || reason=$answer
        asked=yes
    done
    fail "$reason (to name an interpreter: make PYTHON=/path/to/python3 ...)"
}

version_of() {
    "$1" -c 'import sys; print(sys.version)' 2>/dev/null || echo none
}

# What a finished environment was made for, as a text that is compared with what is wanted now.
wanted() {
    printf '%s\n%s\n' "$place" "$(version_of .venv/bin/python)"
    cksum requirements/build.txt "requirements/$1.txt"
}

finished() {
    [ -f ".venv/.$1" ] && [ "$(wanted "$1")" = "$(cat ".venv/.$1")" ]
}

# uv is ten times as fast; pip obeys all that this machine says about mirrors, proxies and
# certificates. So uv is told the mirror and to trust what the system trusts, and pip has the last
# word, and gives the reason if both fail. Both compile at once: where PYTHONDONTWRITEBYTECODE is
# set, as in many containers, every later start would otherwise compile anew.
install() {
    .venv/bin/uv pip install --quiet --system-certs --python .venv/bin/python --no-deps \
        --compile-bytecode "$@" 2>/dev/null ||
        .venv/bin/python -m pip install --quiet --quiet --no-deps "$@" ||
        fail "the installation failed (see above); nothing was changed outside .venv"
}

use_the_mirror_of_pip() {
    [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ] || return 0
    # In the order in which they count for pip itself.
    for origin in :env: install global; do
        mirror=$(.venv/bin/python -m pip config get "$origin.index-url" 2>/dev/null) || continue
        export UV_DEFAULT_INDEX="$mirror"
        return
    done
}

install_lock() {
    use_the_mirror_of_pip
    install --require-hashes --only-binary :all: --requirement "requirements/$1.txt"
    wanted "$1" > ".venv/.$1"
}

create() {
    find_python
    printf 'Setting up .venv with Python %s, once ...\n' \
        "$("$python" -c 'import sys; print(".".join(map(str, sys.version_info[:3])))')"
    rm -rf .venv
    "$python" -m venv .venv || fail "$python could not make a virtual environment (see above)"
    .venv/bin/python -m pip install --quiet --quiet --no-deps --require-hashes \
        --only-binary :all: --requirement requirements/build.txt ||
        fail "the installation failed (see above): is a package index reachable?"
    install_lock "$level"
}

another_python() {
    [ -n "${PYTHON:-}" ] && [ "$(version_of "$PYTHON")" != "$(version_of .venv/bin/python)" ]
}

enough() {
    finished development || { [ "$level" = runtime ] && finished runtime; }
}

# The command, its version and the place of its sources come from the project's own metadata.
refreshed() {
    [ "$(cksum pyproject.toml)" = "$(cat .venv/.project 2>/dev/null)" ]
}

# Whoever can make the directory holds the lock; the number of its process tells whether it lives.
lock=.venv.lock

# One that is dead has its lock taken away, by a rename that only one of those who see it can do.
# Without a number in it the lock was made this very moment, or its owner died at just that.
release_the_dead() {
    owner=$(cat "$lock/owner" 2>/dev/null) || owner=
    if [ -n "$owner" ]; then
        ! kill -0 "$owner" 2>/dev/null || return 0
    else
        nameless=$((nameless + 1))
        [ "$nameless" -gt 10 ] || return 0
    fi
    mv "$lock" "$lock.$$" 2>/dev/null || return 0
    # Another one may have taken it over between the look and the rename: then it gets it back.
    if [ "$(cat "$lock.$$/owner" 2>/dev/null)" = "$owner" ]; then
        rm -rf "$lock.$$"
    else
        mv "$lock.$$" "$lock"
    fi
}

take_the_lock() {
    told= nameless=0 failed=0
    until mkdir "$lock" 2>/dev/null; do
        if [ ! -d "$lock" ]; then
            # Given back this very moment, or something else is wrong.
            failed=$((failed + 1))
            [ "$failed" -le 5 ] || fail "$place/$lock cannot be made: is the folder writable?"
        fi
        release_the_dead
        if [ -z "$told" ] && [ -d "$lock" ]; then
            printf 'Another process sets up .venv here; waiting for it ...\n'
            told=yes
        fi
        sleep 1
    done
    trap 'rm -rf "$lock"' EXIT
    trap 'exit 1' HUP INT TERM
    printf '%s\n' "$$" > "$lock/owner"
}

if another_python || ! enough || ! refreshed; then
    take_the_lock
    if another_python; then
        create
    elif enough; then
        :
    elif [ "$level" = development ] && finished runtime; then
        install_lock development
    else
        create
    fi
    if ! refreshed; then
        install --no-build-isolation --editable .
        cksum pyproject.toml > .venv/.project
    fi
fi
