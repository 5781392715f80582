# Sourced by ./dev: brings .venv, node_modules and system libraries up to date; quick when they are.
# Everything it says goes to stderr, so that the output of a command stays clean.

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
export UV_PYTHON_DOWNLOADS=never DEBIAN_FRONTEND=noninteractive
export PYTHONUTF8=1

say() { printf '%s\n' "$*" >&2; }

# step WORDS COMMAND…: run it, tick while it runs, show its output only if it fails
step() {
  words=$1; shift
  log=$(mktemp); began=$(date +%s)
  tick "$words" $$ &
  ticker=$!
  trap 'kill $ticker; rm -f "$log"; exit 130' INT TERM
  if "$@" >"$log" 2>&1 </dev/null; then ok=0; else ok=$?; fi
  trap - INT TERM
  kill $ticker 2>/dev/null; wait $ticker 2>/dev/null || true
  [ ! -t 2 ] || printf '\r' >&2
  if [ $ok -eq 0 ]; then say "$words: done in $(($(date +%s) - began)) s  "
  else say "$words: failed"; tail -n 20 "$log" >&2; fi
  rm -f "$log"
  return $ok
}

tick() {
  seconds=0
  while sleep 1 && kill -0 "$2" 2>/dev/null; do
    seconds=$((seconds + 1))
    if [ -t 2 ]; then printf '\r%s … %s s ' "$1" $seconds >&2
    elif [ $((seconds % 5)) -eq 2 ]; then say "$1 … $seconds s"; fi
  done
}

may_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt_install() {
  apt-get install -y -q --no-install-recommends "$@" ||
    { apt-get update -q && apt-get install -y -q --no-install-recommends "$@"; }
}

# apt_or_name PURPOSE PACKAGE…: install as root, else say the one line that does it
apt_or_name() {
  purpose=$1; shift
  if may_apt; then step "$purpose: apt-get install $*" apt_install "$@"
  else
    say "$purpose: please run  sudo apt-get install -y --no-install-recommends $*"
    return 1
  fi
}

fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'

find_python() {
  for candidate in python3.13 python3.12 python3.11 python3.14 python3; do
    if command -v $candidate >/dev/null 2>&1 && $candidate -c "$fits" 2>/dev/null; then
      echo $candidate; return 0
    fi
  done
  return 1
}

make_venv() {
  system_python=$(find_python) || {
    apt_or_name "Python 3.11 or newer" python3 python3-venv || exit 1
    system_python=$(find_python) || { say "This machine's Python is too old: 3.11 is needed."; exit 1; }
  }
  if ! $system_python -c 'import ensurepip, venv' 2>/dev/null; then
    apt_or_name "Python's venv" "$(basename "$(readlink -f "$(command -v "$system_python")")")-venv" || exit 1
  fi
  rm -rf .venv
  step "Python environment (.venv)" "$system_python" -m venv .venv || exit 1
}

install_python_packages() {
  .venv/bin/python -m pip install -q --require-hashes -r local/uv.txt
  install_pinned requirements.txt
}

# uv takes a third of the time; where it does not run, pip
install_pinned() {
  VIRTUAL_ENV=$PWD/.venv .venv/bin/uv pip install -q --require-hashes -r "$1" ||
    .venv/bin/python -m pip install -q --require-hashes -r "$1"
}

install_node_packages() {
  if command -v npm >/dev/null 2>&1 && npm --version >/dev/null 2>&1; then
    npm ci --ignore-scripts --no-audit --no-fund
  else
    install_pinned local/node.txt &&
      PATH=$PWD/.venv/bin:$PATH npm ci --ignore-scripts --no-audit --no-fund
  fi
}

has_libraries() {
  "$any_python" -SEc 'import ctypes, sys; [ctypes.CDLL(name) for name in sys.argv[1:]]' "$@" 2>/dev/null
}

has_fonts() {
  ls /usr/share/fonts/*/noto/NotoSerifCJK-Regular.ttc >/dev/null 2>&1 ||
    ls "$PRIVATE"/usr/share/fonts/*/noto/NotoSerifCJK-Regular.ttc >/dev/null 2>&1
}

has_chromium() {
  [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1 ||
    command -v google-chrome >/dev/null 2>&1 || ls ~/.cache/ms-playwright/chromium-* >/dev/null 2>&1
}

# up_to_date STAMP FILE…: whether the stamp was made for these files; otherwise leaves $want
up_to_date() {
  stamp=$1; shift
  want=$(cat "$@" | cksum)
  [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]
}

PRIVATE=$PWD/.data/libraries
PDF_LIBRARIES="libpango-1.0.so.0 libpangoft2-1.0.so.0 libharfbuzz-subset.so.0"
PDF_PACKAGES="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

# What apt brings takes as long as all the rest, so it goes on beside it. Ctrl-C lets it finish:
# packages half unpacked are worse than packages nobody needs.
libraries() {
  missing=
  any_python=.venv/bin/python
  [ -x $any_python ] || any_python=$(find_python) || any_python=false
  # shellcheck disable=SC2086  # a list
  has_libraries $PDF_LIBRARIES || missing=$PDF_PACKAGES
  has_fonts || missing="$missing fonts-noto-cjk"
  if [ -n "${NEEDS_BROWSER:-}" ]; then
    has_chromium || missing="$missing chromium"
    has_libraries libatomic.so.1 || missing="$missing libatomic1"
  fi
  echo $missing # unquoted: without the blanks between
}

# Without root: the same packages, unpacked where only this folder looks.
unpack_libraries() {
  apt=$PWD/.data/apt
  rm -rf "$PRIVATE.draft"
  mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$PRIVATE.draft"
  options="-q -y --no-install-recommends --download-only -o Debug::NoLocking=true"
  # shellcheck disable=SC2086  # a list of words
  set -- -o Dir::State="$apt/state" -o Dir::Cache="$apt/cache" \
    -o Dir::State::status=/var/lib/dpkg/status $options "$@"
  apt-get update -q "$1" "$2" "$3" "$4" "$5" "$6" -o Debug::NoLocking=true &&
    apt-get install "$@" || return 1
  for package in "$apt"/cache/archives/*.deb; do dpkg -x "$package" "$PRIVATE.draft" || return 1; done
  cat >"$PRIVATE.draft/fonts.conf" <<CONF
<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>/usr/share/fonts</dir>
  <dir>$PRIVATE/usr/share/fonts</dir>
  <cachedir>$PRIVATE/cache</cachedir>
</fontconfig>
CONF
  mkdir -p "$PRIVATE.draft/usr/share/fonts"
  mv "$PRIVATE.draft" "$PRIVATE" && rm -rf "$apt"
}

use_unpacked_libraries() {
  for folder in "$PRIVATE"/usr/lib/*-linux-gnu*; do
    [ ! -d "$folder" ] || export LD_LIBRARY_PATH="$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
  done
  export FONTCONFIG_FILE="$PRIVATE/fonts.conf" FONT_DIR="$PRIVATE/usr/share/fonts"
}

wait_for_apt() { if wait "$1"; then ok=0; else ok=$?; cat "$2"; fi; rm -f "$2"; return $ok; }

missing=
apt=
[ ! -d "$PRIVATE" ] || use_unpacked_libraries
[ "$(uname)" != Linux ] || missing=$(libraries)
[ -x .venv/bin/python ] && .venv/bin/python -c "$fits" 2>/dev/null || make_venv
if [ -n "$missing" ] && may_apt; then
  apt_log=$(mktemp)
  # shellcheck disable=SC2086  # a list of packages
  apt_install $missing >"$apt_log" 2>&1 </dev/null &
  apt=$!
fi
if ! up_to_date .venv/.installed requirements.txt; then
  step "Python packages" install_python_packages || exit 1
  echo "$want" >.venv/.installed
fi
if ! up_to_date node_modules/.installed package-lock.json; then
  step "Browser packages" install_node_packages || exit 1
  echo "$want" >node_modules/.installed
fi
if [ -n "$apt" ]; then
  step "Libraries and fonts (apt-get install $missing)" wait_for_apt $apt "$apt_log" ||
    say "Going on without them: PDF files will fail or lack rare characters."
elif [ -n "$missing" ]; then
  case $command in demo | test | setup)
    say "Please run, when you may:  sudo apt-get install -y --no-install-recommends $missing"
  esac
  for_papers=
  for package in $missing; do
    case $package in lib*|fonts-*) for_papers="$for_papers $package" ;; esac
  done
  if [ -n "$for_papers" ] && [ ! -d "$PRIVATE" ] && command -v apt-get >/dev/null 2>&1; then
    # shellcheck disable=SC2086
    step "Meanwhile, for this folder only:$for_papers" unpack_libraries $for_papers ||
      say "Going on without them: papers fail or lack rare characters."
    [ ! -d "$PRIVATE" ] || use_unpacked_libraries
  fi
fi
