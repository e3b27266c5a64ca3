package check

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/judge"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/recorder"
	"github.com/bulwark-authz/bulwark/plugin/facts"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// session judges the requests of one source, one after the other as they come,
// and keeps the verdicts.
type session struct {
	policy   *policy.Engine
	gatherer *facts.Gatherer

	// called is what a person calls the container of an id.
	called func(id string) string

	mu      sync.Mutex
	current item // whose request is judged, when a file is
	judged  []judged
}

// judged is a request with its verdict.
type judged struct {
	Request
	body        []byte
	provisional bool
}

// unasked is what a look-up says of the recorder's answer where there is no
// engine.
const unasked = "asking the engine: it answers 503 Service Unavailable"

// said puts into the rules' words what the recorder made up.
func (s *session) said(doc input.Document) *strings.Replacer {
	words := []string{unasked, "no engine was asked"}
	if isID(doc.Object) {
		words = append(words, doc.Object, s.name(doc))
	}
	return strings.NewReplacer(words...)
}

// Own reports whether a request is a look-up of the session itself.
func (s *session) Own(method string, headers map[string]string) bool {
	return s.gatherer.Own(method, headers)
}

// Judge judges a request and keeps the verdict, unless it is only a reading
// that is allowed, or the client has gone: it will never know.
func (s *session) Judge(ctx context.Context, req input.Request, provisional bool) recorder.Verdict {
	doc, decision, err := judge.Request(ctx, s.policy, s.gatherer, req)
	s.mu.Lock()
	defer s.mu.Unlock()
	said := s.said(doc)
	for i, v := range decision.Violations {
		decision.Violations[i].Msg = said.Replace(v.Msg)
	}
	r := judged{body: req.Body, provisional: provisional, Request: Request{
		Subject: cmp.Or(s.current.subject, s.subject(doc)), Operation: doc.Operation, Method: req.Method, URI: req.URI,
		Outcome: Allow, Message: decision.Message(), Violations: s.findings(decision.Violations), Dryrun: s.findings(decision.Dryrun),
	}}
	switch {
	case err != nil:
		r.Outcome, r.Message = Refuse, err.Error()
	case !decision.Allow:
		r.Outcome = Deny
	}
	reading := req.Method == "GET" || req.Method == "HEAD"
	if ctx.Err() == nil && (r.Outcome != Allow || !reading) {
		s.judged = slices.DeleteFunc(s.judged, func(before judged) bool {
			return before.provisional && before.Method == r.Method && before.URI == r.URI && bytes.Equal(before.body, r.body)
		})
		s.judged = append(s.judged, r)
	}
	return recorder.Verdict{Doc: doc, Allow: r.Outcome == Allow, Message: r.Message}
}

func (s *session) findings(violations []policy.Violation) []Finding {
	list := make([]Finding, 0, len(violations))
	for _, v := range violations {
		f := Finding{Violation: v}
		if s.current.locate != nil {
			f.Place = s.current.locate(v.Field)
		}
		list = append(list, f)
	}
	return list
}

func (s *session) requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Request, 0, len(s.judged))
	for _, r := range s.judged {
		list = append(list, r.Request)
	}
	return list
}
