#!/bin/sh
# Tells a webhead where to listen: it serves heartbeats, and nothing else. On LocalCloud DESTDIR is the instance's root directory.
set -eu
imds="${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}"
token=$(curl -fsS --retry 10 --retry-connrefused -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "${imds%/}/latest/api/token")
address=$(curl -fsS --retry 10 --retry-connrefused -H "X-aws-ec2-metadata-token: $token" "${imds%/}/latest/meta-data/local-ipv4")
mkdir -p "${DESTDIR:-}/etc/syncstorage"
{
  echo 'SYNCSTORAGE_CLUSTER=ansible'
  echo 'SYNCSTORAGE_BUCKET=ansible'
  echo "SYNCSTORAGE_ADDRESS=$address"
  echo 'SYNCSTORAGE_PORT=8000'
  echo 'SYNCSTORAGE_ROLE=admin'
  echo 'AWS_REGION=us-east-1'
} > "${DESTDIR:-}/etc/syncstorage/webhead.env"
systemctl start syncstorage-webhead.service
