#!/bin/sh
# Finds or installs the .NET SDK of global.json, builds build/ if it changed, and becomes it, with every argument.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
host=$root/build/bin/Release/net10.0/Build.dll
stamp=$root/build/obj/build.stamp
own_sdk=$root/.dotnet
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

fail() {
    for line in "$@"; do printf '%s\n' "$line" >&2; done
    exit 1
}

# Prints the version of the SDK that $1 would take for this repository; fails if none of its SDKs fits global.json.
sdk_version() {
    (cd "$root" && "$1" --version) 2>/dev/null
}

find_sdk() {
    for dotnet in "$own_sdk/dotnet" "${DOTNET_ROOT:-/nonexistent}/dotnet" "$(command -v dotnet || echo /nonexistent)" "${HOME:-/nonexistent}/.dotnet/dotnet"; do
        if [ -x "$dotnet" ] && version=$(sdk_version "$dotnet"); then
            return 0
        fi
    done
    return 1
}

install_sdk() {
    wanted=$(sed -n 's/.*"version"[^"]*"\([^"]*\)".*/\1/p' "$root/global.json")
    manual="Install it from https://dotnet.microsoft.com/download and run this again."
    command -v bash >/dev/null || fail "The .NET SDK $wanted is missing, and installing it needs bash. $manual"
    command -v curl >/dev/null || command -v wget >/dev/null ||
        fail "The .NET SDK $wanted is missing, and there is neither curl nor wget to download it. $manual"
    script=$(mktemp)
    trap 'rm -f "$script"' EXIT
    url=https://dot.net/v1/dotnet-install.sh
    echo "The .NET SDK $wanted is missing: installing it into $own_sdk." >&2
    if command -v curl >/dev/null; then
        curl -fsSL --retry 2 "$url" -o "$script" || fail "Downloading $url failed. $manual"
    else
        wget -q "$url" -O "$script" || fail "Downloading $url failed. $manual"
    fi
    bash "$script" --version "$wanted" --install-dir "$own_sdk" --no-path >&2 || fail "Installing the .NET SDK $wanted failed. $manual"
    rm -f "$script"
    trap - EXIT
    find_sdk || fail "The .NET SDK $wanted was installed into $own_sdk, but does not run."
}

# What goes into the build. The services are no part of it: Build-Webhead compiles those.
inputs() {
    (cd "$root" && find global.json Directory.*.props Directory.*.targets BannedSymbols.txt .editorconfig build pipeline src \
        \( -name bin -o -name obj -o -path src/Webhead -o -path src/ServiceHost -o -path src/TokenServer -o -path src/DatabaseNode \) -prune -o -type f "$@" -print 2>&1)
}

# What the last build was made with, where, of which files and of which packages. Lock files count by their content:
# publishing the webhead writes them anew.
identity() {
    locks=$(inputs -name packages.lock.json | sort | (cd "$root" && while read -r lock; do cksum "$lock"; done) | cksum)
    printf '%s %s %s %s %s\n' "$version" "$root" "${OfficialPackages:-}" "$(inputs | sort | cksum)" "$locks"
}

# Up to date: the same files, none of them changed (by its change time, which nobody can set back) since that build began.
up_to_date() {
    [ -f "$host" ] && [ -f "$root/src/LocalCloud/bin/Release/net10.0/LocalCloud.dll" ] && [ -f "$stamp" ] &&
        [ "$(cat "$stamp")" = "$(identity)" ] && [ -z "$(inputs ! -name packages.lock.json -cnewer "$stamp")" ]
}

build() {
    [ ! -t 2 ] || echo "Compiling the build..." >&2
    mkdir -p "$root/build/obj"
    log=$root/build/obj/build.log
    identity >"$stamp.new"
    if ! (cd "$root" && "$dotnet" build build/Build.csproj -c Release -v quiet -clp:NoSummary) >"$log" 2>&1; then
        cat "$log" >&2
        fail "" "The build itself does not compile; its errors are above."
    fi
    mv "$stamp.new" "$stamp"
}

find_sdk || install_sdk
up_to_date || build

DOTNET_ROOT=$(dirname -- "$(readlink -f -- "$dotnet" 2>/dev/null || echo "$dotnet")")
export DOTNET_ROOT
exec "$dotnet" "$host" "$@"
