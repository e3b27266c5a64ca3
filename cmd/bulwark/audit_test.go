package main

import (
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// containers are those of an engine that only tells of them.
var containers = map[string]string{
	"/containers/json":       `[{"Id":"11"},{"Id":"22"},{"Id":"33"}]`,
	"/containers/11/json":    `{"Id":"11","Name":"/web","Image":"sha256:aa","State":{"Status":"running"},"Config":{"Image":"busybox","User":"1000"},"HostConfig":{}}`,
	"/containers/22/json":    `{"Id":"22","Name":"/ci","Image":"sha256:aa","State":{"Status":"exited"},"Config":{"Image":"busybox","User":"1000"},"HostConfig":{"Privileged":true}}`,
	"/images/sha256:aa/json": `{"Id":"sha256:aa","RepoTags":["busybox:latest"],"Config":{}}`,
}

func TestAudit(t *testing.T) {
	t.Setenv("BULWARK_CONFIG", t.TempDir())
	socket := filepath.Join(t.TempDir(), "engine.sock")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, known := containers[r.URL.Path]
		if r.Method != http.MethodGet {
			t.Errorf("the engine was asked %s %s", r.Method, r.URL)
		}
		if !known {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, answer)
	})}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })

	var stdout, stderr strings.Builder
	if code := run([]string{"audit", "--engine", socket}, &stdout, &stderr); code != exitFindings {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
	want := socket + `
  allowed: container web
  denied: container ci
    privileged (critical): the container would have all of the host's powers (HostConfig.Privileged is true)
      at:  HostConfig.Privileged
      fix: drop --privileged, and add with --cap-add or --device only what the container needs

2 containers: 1 allowed, 1 denied
`
	if stdout.String() != want {
		t.Errorf("got\n%s\nwant\n%s", stdout.String(), want)
	}
}
