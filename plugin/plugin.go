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
	"github.com/bulwark-authz/bulwark/plugin/facts"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// decisionTimeout bounds one decision, waiting included. The engine gives a
// plugin 30 seconds, and then asks again with an empty request.
const decisionTimeout = 5 * time.Second

// loadingPatience is how long requests wait for the policy at start.
const loadingPatience = 2 * time.Second

// Authorizer answers what the engine asks. There are three answers: allow;
// deny, because a rule fired; refuse, because nothing could be decided.
type Authorizer struct {
	decide  atomic.Pointer[decideFunc]
	settled atomic.Pointer[settled] // nil without a policy
	facts   *facts.Gatherer
	log     *decisionlog.Log
	work    gate
	timeout time.Duration
	loading <-chan struct{} // nil when nobody has to wait for a policy

	about   About
	started time.Time
	policy  policyState
	counts  *counts
}

var _ authorization.Plugin = (*Authorizer)(nil)

type decideFunc func(context.Context, input.Document) (policy.Decision, error)

// New returns an Authorizer that refuses everything until it has a policy.
func New(log *decisionlog.Log, gatherer *facts.Gatherer) *Authorizer {
	a := &Authorizer{
		log: log, facts: gatherer, work: make(gate, 2*runtime.GOMAXPROCS(0)), timeout: decisionTimeout,
		started: time.Now(), counts: newCounts(),
	}
	a.RefuseAll(errLoading)
	return a
}

// Await makes requests wait for a while until loaded is closed, instead of
// being refused. It is called before the first of them.
func (a *Authorizer) Await(loaded <-chan struct{}) { a.loading = loaded }

// Use decides by engine from now on.
func (a *Authorizer) Use(engine *policy.Engine) {
	decide := decideFunc(engine.Decide)
	a.decide.Store(&decide)
	a.settled.Store(newSettled(engine)) // after decide, whose answers it keeps
}

// RefuseAll refuses every request from now on, with this reason.
func (a *Authorizer) RefuseAll(reason error) {
	a.settled.Store(nil)
	decide := decideFunc(func(context.Context, input.Document) (policy.Decision, error) {
		return policy.Decision{}, reason
	})
	a.decide.Store(&decide)
}

// AuthZReq decides whether the engine may carry out a request.
func (a *Authorizer) AuthZReq(req authorization.Request) (response authorization.Response) {
	started := time.Now()
	a.answer(started, a.verdict(req), func(r authorization.Response) { response = r })
	return response
}

// verdict judges a request, the look-up of another one aside, which waits for it:
// that is let through, with no verdict.
func (a *Authorizer) verdict(req authorization.Request) *verdict {
	if a.facts.Own(req.RequestMethod, req.RequestHeaders) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), a.timeout)
	defer cancel()
	return a.judge(ctx, req)
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

// consider takes one request from the wire to the decision. While it waits for
// the policy or for look-ups it leaves its place at work to others.
func (a *Authorizer) consider(ctx context.Context, req authorization.Request) (v verdict) {
	v.doc = outline(req)
	v.err = a.work.do(ctx, func() error {
		v.doc = input.FromRequest(input.Request{
			User:       req.User,
			UserMethod: req.UserAuthNMethod,
			Method:     req.RequestMethod,
			URI:        req.RequestURI,
			Headers:    req.RequestHeaders,
			Body:       req.RequestBody,
		})
		return nil
	})
	if v.err != nil {
		return v
	}
	a.awaitPolicy()
	a.facts.Gather(ctx, &v.doc)
	v.err = a.work.do(ctx, func() (err error) {
		v.decision, err = (*a.decide.Load())(ctx, v.doc)
		return err
	})
	return v
}
