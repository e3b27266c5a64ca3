package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/docker/go-plugins-helpers/authorization"
	"github.com/rogpeppe/go-internal/testscript"
)

// authz is a command for scripts: authz SOCKET METHOD URI [BODYFILE] asks the
// plugin on a socket as an engine does, and prints allow, or deny or refuse and
// the text. It fails when the plugin does not allow. It waits for the socket to
// come, and for the policy to be loaded.
func authz(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 3 || len(args) > 4 {
		ts.Fatalf("usage: authz SOCKET METHOD URI [BODYFILE]")
	}
	req := authorization.Request{RequestMethod: args[1], RequestURI: args[2]}
	if len(args) == 4 {
		req.RequestBody = []byte(ts.ReadFile(args[3]))
		req.RequestHeaders = map[string]string{
			"Content-Type":   "application/json",
			"Content-Length": fmt.Sprint(len(req.RequestBody)),
		}
	}
	var response authorization.Response
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		var err error
		response, err = ask(ts.MkAbs(args[0]), req)
		if err == nil && !strings.Contains(response.Err, "still loading") {
			break
		}
		if time.Now().After(deadline) {
			ts.Fatalf("no answer: %v %+v", err, response)
		}
	}
	outcome := map[bool]string{true: "allow", false: "deny: " + response.Msg}[response.Allow]
	if response.Err != "" {
		outcome = "refuse: " + response.Err
	}
	_, err := fmt.Fprintln(ts.Stdout(), outcome)
	ts.Check(err)
	if response.Allow == neg {
		ts.Fatalf("unexpected answer: %s", outcome)
	}
}

// await is a command for scripts: await SOCKET PATH REGEXP gets a path of the
// plugin's socket until what it says matches, and prints that.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: await SOCKET PATH REGEXP")
	}
	want, err := regexp.Compile(args[2])
	ts.Check(err)
	var got []byte
	for deadline := time.Now().Add(20 * time.Second); !want.Match(got); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			ts.Fatalf("%s does not match %s: %v %s", args[1], want, err, got)
		}
		got, err = get(ts.MkAbs(args[0]), args[1])
	}
	_, err = ts.Stdout().Write(got)
	ts.Check(err)
}

func get(socket, path string) ([]byte, error) {
	client, done := clientOf(socket)
	defer done()
	resp, err := client.Get("http://plugin" + path)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

func clientOf(socket string) (client *http.Client, done func()) {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}, transport.CloseIdleConnections
}

func ask(socket string, req authorization.Request) (authorization.Response, error) {
	var response authorization.Response
	body, err := json.Marshal(req)
	if err != nil {
		return response, err
	}
	client, done := clientOf(socket)
	defer done()
	resp, err := client.Post("http://plugin/"+authorization.AuthZApiRequest, "", bytes.NewReader(body))
	if err != nil {
		return response, err
	}
	defer resp.Body.Close()
	return response, json.NewDecoder(resp.Body).Decode(&response)
}
