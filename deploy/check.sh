#!/bin/sh
# Checks the files in this folder with whichever of their linters are on the PATH: hadolint, yamllint, helm, promtool, docker.
# The chart is checked without helm by scripts/kubernetes.mjs.
set -eu
cd "$(dirname "$0")"
check() {
  if command -v "$1" >/dev/null; then echo "$*"; "$@"; else echo "skipped, not on the PATH: $1"; fi
}
check hadolint Dockerfile
check yamllint -d '{extends: relaxed, rules: {line-length: disable}}' compose.yaml helm/siibra-api/Chart.yaml helm/siibra-api/values.yaml
check promtool check rules monitoring/alerts.yaml
check helm lint --strict helm/siibra-api
check helm template demo helm/siibra-api --set autoscaling.enabled=true,shared.enabled=true,ingress.enabled=true,networkPolicy.enabled=true,autoscaling.prometheus=http://p >/dev/null
if docker compose version >/dev/null 2>&1; then docker compose -f compose.yaml config --quiet; else echo 'skipped: docker compose'; fi
