#!/bin/sh
# node_modules/.bin/node: the Node that npm ci brought for this platform, else the system's. A script and not a link,
# because npm 10 removes the links of all platforms with the packages of the others.
here=${0%/*}
for node in "$here"/../../lib/node-binary/node_modules/node-*/bin/node "$here"/node_modules/node-*/bin/node; do
  [ -x "$node" ] && exec "$node" "$@"
done
IFS=:
for folder in $PATH; do
  case $folder in
    */node_modules/.bin | */lib/node-binary) ;;
    *) [ -x "$folder/node" ] && exec "$folder/node" "$@" ;;
  esac
done
echo "node: npm ci brought no Node for this platform, and none is in PATH; do: install Node 22.15 or later" >&2
exit 127
