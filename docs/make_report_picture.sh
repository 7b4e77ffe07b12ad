#!/usr/bin/env bash
# Draw docs/images/report.png from a report: docs/make_report_picture.sh recist-demo/report
# The head of the page beside two of its figures. Needs Chromium and ImageMagick.
set -euo pipefail
page=$(mktemp --suffix=.png)
chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
  --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$(mktemp -d)" --screenshot="$page" \
  --window-size=1200,2000 "file://$(realpath "$1")/report.html"
convert \( "$page" -crop 1200x1700+0+0 +repage \) \
  \( "$1"/figures/km_os_imaging.png "$1"/figures/simon_makuch.png -resize 1000x -bordercolor white \
  -border 30x20 -append \) -background white -gravity north +append -resize 1300x +dither -colors 96 -strip \
  "$(dirname "$0")/images/report.png"
