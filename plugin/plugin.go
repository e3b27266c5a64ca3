// Package plugin is Bulwark as an authorization plugin of the Docker Engine:
// the way of a request from the engine's question to the answer, and the
// server that listens for it.
package plugin

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/docker/go-plugins-helpers/authorization"

	"github.com/bulwark-authz/bulwark/plugin/decisionlog"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// decisionTimeout bounds one decision, waiting included. The engine gives a
// plugin 30 seconds, and then asks again with an empty request.
const decisionTimeout = 5 * time.Second

// Authorizer answers what the engine asks. There are three answers: allow;
// deny, because a rule fired; refuse, because nothing could be decided.
type Authorizer struct {
	decide  atomic.Pointer[decideFunc]
	log     *decisionlog.Log
	work    gate
	timeout time.Duration
}

var _ authorization.Plugin = (*Authorizer)(nil)

type decideFunc func(context.Context, input.Document) (policy.Decision, error)

// New returns an Authorizer that refuses everything until it has a policy.
func New(log *decisionlog.Log) *Authorizer {
	a := &Authorizer{log: log, work: make(gate, 2*runtime.GOMAXPROCS(0)), timeout: decisionTimeout}
	a.RefuseAll(errLoading)
	return a
}

// Use decides by engine from now on.
func (a *Authorizer) Use(engine *policy.Engine) {
	decide := decideFunc(engine.Decide)
	a.decide.Store(&decide)
}

// RefuseAll refuses every request from now on, with this reason.
func (a *Authorizer) RefuseAll(reason error) {
	decide := decideFunc(func(context.Context, input.Document) (policy.Decision, error) {
		return policy.Decision{}, reason
	})
	a.decide.Store(&decide)
}

// AuthZReq decides whether the engine may carry out a request.
func (a *Authorizer) AuthZReq(req authorization.Request) authorization.Response {
	started := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), a.timeout)
	defer cancel()
	return a.answer(started, a.judge(ctx, req))
}

// AuthZRes lets every response pass: by then the engine has done what was
// asked, and nothing undoes it.
func (a *Authorizer) AuthZRes(authorization.Request) authorization.Response {
	return authorization.Response{Allow: true}
}

// verdict is a decision and what it is about, or the reason why there is none.
type verdict struct {
	doc      input.Document
	decision policy.Decision
	err      error
}

// consider is the work on one request.
func (a *Authorizer) consider(ctx context.Context, req authorization.Request) verdict {
	doc := input.FromRequest(input.Request{
		User:       req.User,
		UserMethod: req.UserAuthNMethod,
		Method:     req.RequestMethod,
		URI:        req.RequestURI,
		Headers:    req.RequestHeaders,
		Body:       req.RequestBody,
	})
	decision, err := (*a.decide.Load())(ctx, doc)
	return verdict{doc: doc, decision: decision, err: err}
}
