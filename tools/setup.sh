#!/bin/sh
# Makes .venv: every package of the lock file named (requirements-dev.txt unless told), checked by its hash, then Aparté
# itself (editable).
# PYTHON names the interpreter; without it the first of python3.13, 3.12, 3.11, python3 that is at least 3.11.
# Every failure is one line that says what to do, and exit code 2.
set -eu
cd "$(dirname "$0")/.."
lock=${1:-requirements-dev.txt}

fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 2
}

version() { # prints "3.11" when $1 is a Python that runs and is new enough
    "$1" -c 'import sys; v = sys.version_info[:2]; print("%d.%d" % v); sys.exit(v < (3, 11))' 2>/dev/null
}

choose() { # prints the interpreter
    if [ -n "${PYTHON:-}" ]; then
        version "$PYTHON" >/dev/null || fail "PYTHON=$PYTHON is no Python >= 3.11 that runs here; name another one"
        printf '%s\n' "$PYTHON"
        return
    fi
    for candidate in python3.13 python3.12 python3.11 python3; do
        if version "$candidate" >/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    fail "Python >= 3.11 is needed and none was found; install the package python3, or give its path: make setup PYTHON=..."
}

can_make_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

install_venv_package() { # Debian and Ubuntu keep the venv module in a package of its own
    package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    missing="the venv module of $python is missing; install the package $package (as root: apt-get install $package)"
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then fail "$missing"; fi
    printf 'setup: installing the package %s\n' "$package"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y --no-install-recommends "$package" >/dev/null 2>&1 ||
        { apt-get update && apt-get install -y --no-install-recommends "$package"; } >/dev/null 2>&1 ||
        fail "$missing; apt-get could not do it"
    can_make_venv || fail "$missing; it is installed but does not serve this interpreter, choose another: make setup PYTHON=..."
}

venv_is_good() { # it runs, it has pip, it is of the wanted version and made for this very place
    [ -x .venv/bin/pip ] && [ "$(version .venv/bin/python)" = "$(version "$python")" ] &&
        .venv/bin/pip --version >/dev/null 2>&1 &&
        [ "$(.venv/bin/python -c 'import sys; print(sys.prefix)')" = "$(pwd -P)/.venv" ]
}

pip_install() { # quiet; on failure one line, the rest is in the log
    .venv/bin/pip install --quiet --disable-pip-version-check --no-input --no-compile --retries 2 "$@" >.venv/setup.log 2>&1 ||
        fail "installing failed; is the package registry reachable? .venv/setup.log has the details, its last line:" \
            "$(grep -v '^ *$' .venv/setup.log | tail -n 1 | cut -c 1-200)"
}

python=$(choose)
can_make_venv || install_venv_package
if ! venv_is_good; then
    rm -rf .venv
    "$python" -m venv .venv >/dev/null 2>&1 || fail "$python -m venv .venv failed; is the disk full, or the folder not yours?"
fi
printf 'setup: installing %s packages into .venv with Python %s\n' "$(grep -c == "$lock")" "$(version "$python")"
pip_install --require-hashes -r "$lock"
pip_install --no-deps --no-build-isolation --no-index -e .
printf 'setup: done; .venv/bin/aparte is ready\n'
