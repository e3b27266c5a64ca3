package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
)

// client is a program for scripts that talks to the engine in DOCKER_HOST as
// docker does. Each argument is a request, "METHOD URI [BODYFILE]", of which it
// prints the answer; {id} stands for the id in the last answer that had one. It
// fails at the first answer that is an error, 404 aside, and with the argument
// "exit" at once.
func client() {
	socket := strings.TrimPrefix(os.Getenv("DOCKER_HOST"), "unix://")
	httpClient := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}}
	id := ""
	for _, arg := range os.Args[1:] {
		if arg == "exit" {
			os.Exit(3)
		}
		fields := strings.Fields(strings.ReplaceAll(arg, "{id}", id))
		status, answer, err := request(httpClient, fields)
		if err != nil {
			fmt.Fprintln(os.Stderr, "client:", err)
			os.Exit(1)
		}
		fmt.Println(status, strings.TrimSpace(string(answer)))
		var created struct{ ID string }
		if json.Unmarshal(answer, &created) == nil && created.ID != "" {
			id = created.ID
		}
		if status >= 400 && status != http.StatusNotFound {
			os.Exit(1)
		}
	}
}

func request(c *http.Client, fields []string) (int, []byte, error) {
	var body []byte
	if len(fields) > 2 {
		var err error
		if body, err = os.ReadFile(fields[2]); err != nil {
			return 0, nil, err
		}
	}
	req, err := http.NewRequest(fields[0], "http://engine"+fields[1], bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	return resp.StatusCode, answer, err
}
