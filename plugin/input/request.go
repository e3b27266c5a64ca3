package input

import (
	"net/http"
	"strings"
)

// Request is what dockerd tells an authorization plugin about one API call.
type Request struct {
	User       string
	UserMethod string
	Method     string
	// URI is the request target exactly as the client sent it.
	URI string
	// Headers has the last value of each header; dockerd leaves out the
	// credentials (moby pkg/authorization/authz.go, headers).
	Headers map[string]string
	// Body is nil when dockerd sent none along. dockerd sends it only when it
	// will read the request as JSON itself, so its absence proves nothing.
	Body []byte
}

// header returns the value of a header and whether it is there, whatever the
// case of its name.
func (r Request) header(name string) (string, bool) {
	if value, ok := r.Headers[name]; ok {
		return value, true
	}
	for key, value := range r.Headers {
		if strings.EqualFold(http.CanonicalHeaderKey(key), name) {
			return value, true
		}
	}
	return "", false
}

// FromRequest describes a request. It never fails: what it cannot make out
// becomes an anomaly, and a route it does not know has no operation.
func FromRequest(req Request) Document {
	doc := newDocument(req)
	target := parseTarget(req.URI)
	doc.Anomalies = append(doc.Anomalies, target.anomalies...)
	doc.Path, doc.Query = target.path, target.query
	doc.APIVersion, doc.APIMinor = target.version, target.minor

	op, object := findOperation(req.Method, target.path)
	if op == nil {
		return doc
	}
	doc.Operation, doc.Kind, doc.Risk = op.id, op.kind, op.risk
	doc.Object = object

	body, anomalies := op.body.read(req)
	doc.Anomalies = append(doc.Anomalies, anomalies...)
	if op.describe != nil {
		op.describe(&doc, body)
	}
	return doc
}

func newDocument(req Request) Document {
	return Document{
		Method:    req.Method,
		Headers:   req.Headers,
		Query:     map[string][]string{},
		User:      User{Name: req.User, Method: req.UserMethod},
		Images:    []Image{},
		Volumes:   []Volume{},
		Endpoints: []Endpoint{},
		Facts:     newFacts(),
		Anomalies: []Anomaly{},
		size:      len(req.URI) + len(req.Body),
	}
}
