package recorder

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"time"
)

// These bound a question of the recorder's own to the engine, and the answer.
const (
	readTimeout = 5 * time.Second
	maxAnswer   = 64 << 20
)

// connect returns a client of the engine on a socket, and what forwards
// requests to it, streams too.
func connect(socket string) (*http.Client, *httputil.ReverseProxy) {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}
	return &http.Client{Transport: transport, Timeout: readTimeout}, &httputil.ReverseProxy{
		Transport:     transport,
		FlushInterval: -1,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(&url.URL{Scheme: "http", Host: "engine"})
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			send(w, answer{status: http.StatusBadGateway, body: message("asking the engine: " + err.Error())})
		},
	}
}

// get asks the engine and returns its status, 0 without an answer.
func (r *Recorder) get(ctx context.Context, target string, into any) int {
	if r.client == nil {
		return 0
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://engine"+target, nil) //nolint:gosec // whatever the path, it is the engine that is asked
	if err != nil {
		return 0
	}
	resp, err := r.client.Do(req) //nolint:gosec // the same
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusOK && json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(into) != nil {
		return 0
	}
	return resp.StatusCode
}

// hasImage reports whether there is an image: it was pulled, or the engine has
// it.
func (r *Recorder) hasImage(ctx context.Context, name string) bool {
	if r.world.image(name) != nil {
		return true
	}
	var image object
	return r.get(ctx, "/images/"+url.PathEscape(name)+"/json", &image) == http.StatusOK
}

// localID is what an engine may take for an image's id or the beginning of
// one.
var localID = regexp.MustCompile(`^(sha256:)?[0-9a-f]{1,64}$`)
