#!/bin/sh
# Installs a service from the unpacked bundle that this script lies in: the one whose unit the bundle has.
#
#   SYNCSTORAGE_RELEASE=<release> [DESTDIR=<root>] sh install.sh
#
# With DESTDIR everything goes below it, nothing else is touched, and no root is needed. Without, the machine itself is
# the target: the system user is made, and the files belong to root. Can be run again.
set -eu

: "${SYNCSTORAGE_RELEASE:?SYNCSTORAGE_RELEASE must name the release}"
root=${DESTDIR:-}
case $root in
    '' | /*) ;;
    *) echo "install.sh: DESTDIR must be an absolute path, and is $root" >&2; exit 2 ;;
esac
root=${root%/}
case $SYNCSTORAGE_RELEASE in
    *[!A-Za-z0-9.+_-]*) echo "install.sh: SYNCSTORAGE_RELEASE has a character that no release has" >&2; exit 2 ;;
esac

bundle=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
home=$root/opt/syncstorage
units=$root/etc/systemd/system

set -- "$bundle"/systemd/syncstorage-*.service
if [ "$#" -ne 1 ] || [ ! -f "$1" ]; then
    echo "install.sh: $bundle/systemd must have one unit; unpack the whole bundle" >&2
    exit 1
fi
unit=${1##*/}
program=${unit#syncstorage-}
program=${program%.service}
if [ ! -f "$bundle/$program/$program" ]; then
    echo "install.sh: $bundle/$program/$program is missing; unpack the whole bundle" >&2
    exit 1
fi

# What the service needs of the distribution.
if [ -f "$bundle/packages.sh" ]; then DESTDIR=$root sh "$bundle/packages.sh"; fi

umask 022
mkdir -p "$home" "$units" "$root/etc/syncstorage"

# Copied beside and then renamed, so that an interrupted run leaves what was there before.
rm -rf "$home/$program.new"
cp -R "$bundle/$program" "$home/$program.new"
find "$home/$program.new" -type d -exec chmod 755 {} +
find "$home/$program.new" -type f -exec chmod 644 {} +
chmod 755 "$home/$program.new/$program"
rm -rf "$home/$program.old"
if [ -d "$home/$program" ]; then mv "$home/$program" "$home/$program.old"; fi
mv "$home/$program.new" "$home/$program"
rm -rf "$home/$program.old"

printf '%s\n' "$SYNCSTORAGE_RELEASE" > "$home/release.new"
mv "$home/release.new" "$home/release"
cp "$bundle/systemd/$unit" "$units/$unit"
chmod 644 "$home/release" "$units/$unit"

if [ -z "$root" ]; then
    if ! getent group syncstorage > /dev/null; then groupadd --system syncstorage; fi
    if ! getent passwd syncstorage > /dev/null; then
        useradd --system --gid syncstorage --home-dir /opt/syncstorage --no-create-home --shell /sbin/nologin syncstorage
    fi
    # The service reads its files and changes none of them.
    chown -R root:root "$home" "$units/$unit"
    chown root:syncstorage /etc/syncstorage
    chmod 750 /etc/syncstorage
    systemctl daemon-reload
fi

# With --root the machine's own units stay as they are.
if command -v systemctl > /dev/null; then
    systemctl ${root:+"--root=$root"} enable "$unit"
elif [ -n "$root" ]; then
    mkdir -p "$units/multi-user.target.wants"
    ln -sf "/etc/systemd/system/$unit" "$units/multi-user.target.wants/$unit"
else
    echo "install.sh: there is no systemctl to enable $unit with" >&2
    exit 1
fi
echo "installed $SYNCSTORAGE_RELEASE"
