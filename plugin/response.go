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

// recordResponse logs the status of what was no read: those come all day.
func (a *Authorizer) recordResponse(head []byte) {
	defer func() {
		if cause := recover(); cause != nil {
			a.log.Logger().WithField("stack", string(newPanicError(cause).stack)).Errorf("logging a response: %v", cause)
		}
	}()
	if bytes.Contains(head, []byte(`"RequestMethod":"GET"`)) || bytes.Contains(head, []byte(`"RequestMethod":"HEAD"`)) {
		return
	}
	if r := readHead(head); r.Status != 0 {
		doc := input.FromRequest(input.Request{User: r.User, UserMethod: r.UserMethod, Method: r.Method, URI: r.URI})
		a.log.RecordResponse(time.Now(), &doc, r.Status)
	}
}

// responded is what is read of authorization.Request after a response.
type responded struct {
	User       string
	UserMethod string `json:"UserAuthNMethod"`
	Method     string `json:"RequestMethod"`
	URI        string `json:"RequestUri"`
	Status     int    `json:"-"`
}

// readHead reads the few members that the log has, which are the first ones and
// one before the response's headers and body. The keys that are looked for cannot
// stand within a text, where their quotes would have a \ each. The status is 0
// when it is not there.
func readHead(head []byte) (r responded) {
	head, rest, found := bytes.Cut(head, []byte(`,"ResponseStatusCode":`))
	status, err := strconv.Atoi(string(rest[:max(0, bytes.IndexAny(rest, ",}"))]))
	for _, key := range []string{`,"RequestBody":`, `,"RequestHeaders":`} {
		head, _, _ = bytes.Cut(head, []byte(key))
	}
	if !found || err != nil || jsonv1.Unmarshal(append(bytes.Clone(head), '}'), &r) != nil {
		return responded{}
	}
	r.Status = status
	return r
}
