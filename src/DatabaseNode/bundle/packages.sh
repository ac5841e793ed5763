#!/bin/sh
# What a dbnode needs of the distribution: MariaDB's server. With DESTDIR nothing is installed, and the machine must have it.
set -eu

found() { PATH=$PATH:/usr/sbin:/usr/libexec command -v mariadbd > /dev/null && command -v mariadb-install-db > /dev/null; }

if [ -n "${DESTDIR:-}" ]; then
    found || { echo "packages.sh: this machine has no mariadbd and mariadb-install-db" >&2; exit 1; }
    exit 0
fi

if ! found; then
    if command -v dnf > /dev/null; then
        # The newest that Amazon Linux has first.
        dnf -y -q install mariadb1011-server || dnf -y -q install mariadb105-server || dnf -y -q install mariadb-server
    elif command -v apt-get > /dev/null; then
        apt-get update -q
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends mariadb-server
    else
        echo "packages.sh: there is neither dnf nor apt-get to install MariaDB with" >&2
        exit 1
    fi
fi
if ! command -v mkfs.xfs > /dev/null; then dnf -y -q install xfsprogs || apt-get install -y -q xfsprogs; fi

# The package's own service would run a second server: the dbnode's starts its own.
if systemctl cat mariadb.service > /dev/null 2>&1; then systemctl disable --now mariadb.service; fi
mkdir -p /var/lib/syncstorage
