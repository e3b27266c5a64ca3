package plugin

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/docker/go-plugins-helpers/authorization"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// maxHead is how much of what the engine sends about a response is looked at, in
// bytes. The response's status is in there, unless the request was a large one.
const maxHead = 16 << 10

func (h *handler) authZRes(w http.ResponseWriter, r *http.Request) {
	head := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(head)
	head.Reset()
	body := newSteadyBody(w, r)
	_, _ = head.ReadFrom(io.LimitReader(body, maxHead))
	// The rest is unread, but taken, so that the engine can go on to read the answer.
	_, _ = io.Copy(io.Discard, body)
	reply(w, h.authorizer.AuthZRes(authorization.Request{}))
	h.authorizer.recordResponse(head.Bytes())
}

// recordResponse logs that the engine has failed to do what it was let do. It
// says nothing of GET and HEAD, which fail all day.
func (a *Authorizer) recordResponse(head []byte) {
	defer a.logPanic("logging a response")
	status, request := readHead(head)
	if status < http.StatusBadRequest {
		return
	}
	var r responded
	if err := jsonv1.Unmarshal(request, &r); err != nil || r.Method == http.MethodGet || r.Method == http.MethodHead {
		return
	}
	doc := input.FromRequest(input.Request{User: r.User, UserMethod: r.UserMethod, Method: r.Method, URI: r.URI})
	a.log.RecordResponse(time.Now(), &doc, status)
}

// responded is what the log has of an authorization.Request after a response.
type responded struct {
	User       string
	UserMethod string `json:"UserAuthNMethod"`
	Method     string `json:"RequestMethod"`
	URI        string `json:"RequestUri"`
}

// readHead gives the status of a response, 0 when it is not there, and an object
// with the members that come first: those of the request but for its body and
// headers. The keys that are looked for cannot stand within a text, where their
// quotes would have a \ each.
func readHead(head []byte) (status int, request []byte) {
	before, after, _ := bytes.Cut(head, []byte(`,"ResponseStatusCode":`))
	status, _ = strconv.Atoi(string(after[:max(0, bytes.IndexAny(after, ",}"))]))
	for _, key := range []string{`,"RequestBody":`, `,"RequestHeaders":`} {
		before, _, _ = bytes.Cut(before, []byte(key))
	}
	return status, append(bytes.Clone(before), '}')
}
