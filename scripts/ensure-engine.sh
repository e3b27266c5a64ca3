#!/usr/bin/env bash
# Makes sure that a Docker Engine runs on this host: installs Debian's docker.io where there is none, and
# starts it, with systemd or without.
set -euo pipefail

socket=/var/run/docker.sock
log=/var/log/dockerd.log

answers() { env -u DOCKER_HOST -u DOCKER_CONTEXT docker -H "unix://$socket" version >/dev/null 2>&1; }

answers && exit
command -v dockerd >/dev/null || "$(dirname "$0")/need.sh" docker.io
# Where the engine is one package and the client another, docker.io may not bring the client.
command -v docker >/dev/null || "$(dirname "$0")/need.sh" docker-cli
answers && exit # installing it may have started it

comes_up() {
  for _ in $(seq 60); do
    answers && return
    sleep 0.5
  done
  return 1
}

echo "starting the engine"
if [ -d /run/systemd/system ]; then
  systemctl start docker && comes_up && exit
else
  # Where the service script cannot start it, as in a container without cgroups of its own, dockerd may.
  service docker start >/dev/null 2>&1 && comes_up && exit
  setsid dockerd >>"$log" 2>&1 </dev/null &
  comes_up && exit
fi
echo "error: the engine does not answer at $socket" >&2
echo "hint: see $log, /var/log/docker.log or journalctl -u docker" >&2
exit 2
