package input

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
)

// Codes of the anomalies that the presence of a body can have.
const (
	AnomalyWithheld   = "withheld_body"
	AnomalyHiddenForm = "hidden_form"
	AnomalyUnexpected = "unexpected_body"
)

// bodyRule says what a route does with a request body.
type bodyRule struct {
	// decode makes the typed body; nil where the daemon reads no JSON.
	decode func(raw []byte) (any, []Anomaly)
	// needed is true when the daemon acts on a JSON body and on no other.
	needed bool
	// form is true when the handler reads parameters that a form in the body
	// would override (net/http Request.ParseForm), unseen by any plugin.
	form bool
	// empty is true when some engine acts on a JSON body that no client of
	// today sends.
	empty bool
}

var (
	// ignored: the body is a stream, is hidden on purpose, or changes nothing
	// that a rule judges.
	ignored = bodyRule{}
	// noForm: parameters come from the URL, so there must be no form. JSON is
	// not looked at: clients such as dockerode repeat the parameters in it.
	noForm = bodyRule{form: true}
	// noBody: a HostConfig in the body would count.
	noBody = bodyRule{form: true, empty: true}
)

type decoder func(raw []byte) (any, []Anomaly)

func required(d decoder) bodyRule { return bodyRule{decode: d, needed: true} }
func optional(d decoder) bodyRule { return bodyRule{decode: d, form: true} }

// bodyOf decodes a body into a T.
func bodyOf[T any](raw []byte) (any, []Anomaly) {
	body := new(T)
	anomalies, decoded := decodeStrict(raw, body)
	if !decoded {
		return nil, anomalies
	}
	return body, anomalies
}

// read decodes the body of a request, or says why it cannot be judged. The
// result is nil when the request has no body that the daemon would decode.
func (b bodyRule) read(req Request) (any, []Anomaly) {
	switch {
	case b.decode != nil && req.Body != nil:
		return b.decode(req.Body)
	case b.needed:
		return nil, []Anomaly{{Code: AnomalyWithheld,
			Detail: "the engine sent no JSON body along, so what the request asks for cannot be seen; send it as application/json, at most 4 MiB"}}
	case b.empty && req.Body != nil && !isEmpty(req.Body):
		return nil, []Anomaly{{Code: AnomalyUnexpected,
			Detail: "a start takes no body; engines up to 25 would read a HostConfig from it"}}
	case b.form && req.Body == nil:
		return nil, hiddenForm(req)
	}
	return nil, nil
}

// isEmpty reports whether a body that nobody asked for asks for nothing.
func isEmpty(body []byte) bool {
	return len(bytes.TrimSpace(body)) == 0 || json.Valid(body) && saysNothing(body)
}

// hiddenForm reports a body that may be a form. Whether there is a body shows
// only in its headers, and of a repeated header a plugin sees the last while
// the daemon uses the first; net/http removes Content-Length from a chunked
// request, so "0" is the one proof that there is none.
func hiddenForm(req Request) []Anomaly {
	contentType, typed := req.header("Content-Type")
	if length, _ := req.header("Content-Length"); !typed || length == "0" {
		return nil
	}
	if media, _, err := mime.ParseMediaType(contentType); err == nil {
		contentType = media
	}
	return []Anomaly{{Code: AnomalyHiddenForm, Field: "Content-Type",
		Detail: fmt.Sprintf("a body of type %q may hold parameters that override those in the URL; send none, or Content-Length: 0", clip(contentType))}}
}
