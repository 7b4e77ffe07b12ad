#!/usr/bin/env bash
# Draw docs/images/report.png from a report: docs/make_report_picture.sh recist-demo/report/report.html
# Needs Chromium and ImageMagick.
set -euo pipefail
page=$(mktemp --suffix=.png)
chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
  --user-data-dir="$(mktemp -d)" --screenshot="$page" --window-size=1200,14000 "file://$(realpath "$1")"
convert \( "$page" -crop 1100x1675+50+0 +repage \) \
  \( \( "$page" -crop 1100x800+50+7080 +repage \) \( "$page" -crop 1100x875+50+10750 +repage \) -append \) \
  +append -resize 1400x +dither -colors 200 -strip "$(dirname "$0")/images/report.png"
