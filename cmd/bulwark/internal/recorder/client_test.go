package recorder

import (
	"bufio"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
)

func TestEnvironment(t *testing.T) {
	got := environment([]string{"PATH=/bin", "DOCKER_HOST=tcp://x", "DOCKER_CONTEXT=prod", "DOCKER_CONFIG=/c", "DOCKER_TLS_VERIFY=1"}, "/s.sock")
	want := "PATH=/bin DOCKER_CONFIG=/c DOCKER_HOST=unix:///s.sock CONTAINER_HOST=unix:///s.sock BUILDX_BUILDER=default DOCKER_BUILDKIT=0 COMPOSE_DOCKER_CLI_BUILD=0"
	if strings.Join(got, " ") != want {
		t.Errorf("got %q", got)
	}
}

func TestNamesEngine(t *testing.T) {
	for line, refused := range map[string]bool{
		"docker run alpine curl -H x":              false,
		"docker run -c 512 -h web alpine":          false,
		"docker compose -f x.yaml up -d":           false,
		"docker compose run web sh -c 'echo'":      false,
		"docker build -c 512 .":                    false,
		"curl -H x":                                false,
		"docker -H tcp://x ps":                     true,
		"docker -Htcp://x ps":                      true,
		"docker -DH tcp://x ps":                    true,
		"docker --host=tcp://x run alpine":         true,
		"docker -c prod run alpine":                true,
		"docker --context prod compose up":         true,
		"docker compose --context prod up":         true,
		"docker buildx build --builder remote .":   true,
		"/usr/bin/docker --context=prod run a":     true,
		"docker --log-level debug -H x run alpine": true,
	} {
		if err := namesEngine(strings.Fields(line)); (err != nil) != refused {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestTerminalIsAtItsEnd(t *testing.T) {
	terminal, err := newTerminal()
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	if _, err := bufio.NewReader(terminal.user).ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("read: %v", err)
	}
	code, err := RunClient(t.Context(), "/nonexistent.sock", []string{"sh", "-c", `test -t 0 && ! test -t 1 && test "$DOCKER_HOST" = unix:///nonexistent.sock && exit 7`}, os.Stderr)
	if code != 7 || err != nil {
		t.Errorf("code %d, %v", code, err)
	}
}
