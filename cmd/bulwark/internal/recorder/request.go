package recorder

import (
	"io"
	"mime"
	"net/http"
	"slices"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// maxBody is the largest body that an engine shows a plugin.
const maxBody = 4 << 20

// credentials are the headers that an engine does not show a plugin (moby
// pkg/authorization/authz.go, headers).
var credentials = []string{"Authorization", "X-Registry-Config", "X-Registry-Auth"}

// describe shows a request as an engine shows it to a plugin. A body that an
// engine would not show is left unread.
func describe(hr *http.Request) input.Request {
	req := input.Request{Method: hr.Method, URI: hr.RequestURI, Headers: map[string]string{}}
	for name, values := range hr.Header {
		if len(values) > 0 && !slices.Contains(credentials, name) {
			req.Headers[name] = values[len(values)-1]
		}
	}
	if media, _, err := mime.ParseMediaType(hr.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return req
	}
	if body, err := io.ReadAll(io.LimitReader(hr.Body, maxBody+1)); err == nil && len(body) <= maxBody {
		req.Body = body
	}
	return req
}
