package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/docker/go-plugins-helpers/authorization"
)

func TestQuantile(t *testing.T) {
	s := samples{40, 10, 30, 20}
	for q, want := range map[float64]time.Duration{0.01: 10, 0.5: 20, 0.51: 30, 0.75: 30, 0.99: 40, 1: 40} {
		if got := s.quantile(q); got != want {
			t.Errorf("quantile %v: got %v, want %v", q, got, want)
		}
	}
}

func TestRow(t *testing.T) {
	floor := side{took: samples{1000, 2000, 4000}, processor: 1000}
	subject := side{took: samples{1000, 3000, 8000}, processor: 500}
	got := pair{floor, subject}.row("x", 2, 0)
	want := row{Workload: "x", Calls: 3, P50: compared{2, 3, 1.5, 2}, P99: compared{4, 8, 2, 0}, CPU: compared{1, 0.5, 0.5, 0}}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestLargeBodiesAreNearlyFull(t *testing.T) {
	for _, size := range []int{mebibyte, 4 * mebibyte} {
		body := largeCreate(size)
		if !json.Valid(body) || len(body) > size || len(body) < size-2048 {
			t.Errorf("a body for %d bytes has %d; valid: %t", size, len(body), json.Valid(body))
		}
	}
	if list := longList(mebibyte); !json.Valid(list) || len(list) > mebibyte || len(list) < mebibyte-2048 {
		t.Errorf("the list has %d bytes; valid: %t", len(list), json.Valid(list))
	}
}

// TestRequestsAreWhatAnEngineSends reads them with a server of net/http.
func TestRequestsAreWhatAnEngineSends(t *testing.T) {
	read := 0
	c := talk(t, func(w http.ResponseWriter, r *http.Request) {
		var req authorization.Request
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil || req.RequestMethod == "" || req.RequestURI == "" {
			t.Errorf("%s %s: %+v, %v", r.Method, r.URL, req, err)
		}
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			t.Error(err)
		}
		read++
		_, _ = io.WriteString(w, allowed)
	})
	for _, w := range workloads() {
		if err := w.run(c, false); err != nil {
			t.Error(err)
		}
	}
	if read != len(workloads()) {
		t.Errorf("%d requests arrived, want %d", read, len(workloads()))
	}
}

func TestAnswersAreCompared(t *testing.T) {
	deny := asking("x", post("/containers/create", nil), 1, 0, "cap_add", "privileged")
	long := strings.Repeat("x", 10_000) // comes in chunks
	for answer, want := range map[string]string{
		`{"Allow":false,"Msg":"cap_add: a\nprivileged: b ` + long + `\n(decision 1)"}`: "",
		`{"Allow":false,"Msg":"cap_add: a\nsysctls: b\n(decision 1)"}`:                 "x: denied by cap_add sysctls, want cap_add privileged",
		`{"Allow":false,"Msg":"sysctls: a"}`:                                           `x: got 200 {"Allow":false,"Msg":"sysctls: a"}, want {"Allow":false,"Msg":"cap_add: `,
		allowed:                                                                        "x: got 200 " + allowed + `, want {"Allow":false,"Msg":"cap_add: `,
	} {
		c := talk(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) })
		got := ""
		for range 2 { // the second on the same connection
			if err := deny.check(c); err != nil {
				got = err.Error()
			}
		}
		if got != want {
			t.Errorf("%.40s: got %q, want %q", answer, got, want)
		}
	}
}

// talk returns a client of a server that listens on a unix socket.
func talk(t *testing.T, handle http.HandlerFunc) *client {
	t.Helper()
	server := httptest.NewUnstartedServer(handle)
	server.Listener.Close()
	socket := filepath.Join(t.TempDir(), "s")
	listener, err := new(net.ListenConfig).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
	c, err := dial(socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	return c
}

func TestPrint(t *testing.T) {
	var text bytes.Buffer
	printer{out: &text}.row(row{Workload: "ping", P50: compared{40, 41, 1.025, 1.02}, P99: compared{90, 99, 1.1, 1.5}, CPU: compared{9, 9, 1, 0}})
	const want = "ping | 40 / 41 µs 1.02 <= 1.02 OVER | 90 / 99 µs 1.10 <= 1.5 ok | 9 / 9 µs 1.00"
	if got := strings.Join(strings.Fields(text.String()), " "); got != strings.ReplaceAll(want, " |", "") {
		t.Errorf("got %q, want %q", got, want)
	}
}
