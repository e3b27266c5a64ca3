package plugin

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/docker/go-plugins-helpers/authorization"

	"github.com/bulwark-authz/bulwark/plugin/decisionlog"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// answer says a verdict, nil to let pass, and then records it: nobody waits for
// the log.
func (a *Authorizer) answer(started time.Time, v *verdict, say func(authorization.Response)) {
	if v == nil {
		say(authorization.Response{Allow: true})
		return
	}
	id := newDecisionID(started)
	took := time.Since(started)
	say(v.response(id))
	a.record(started, took, id, v)
}

// response says a verdict in the engine's words. A denial is a Msg, which the
// client sees as "authorization denied by plugin" with status 403. A refusal is
// an Err, which goes out with status 500 and which the client sees as "plugin
// failed with error": scripts can tell the two apart.
func (v *verdict) response(id string) authorization.Response {
	switch v.outcome() {
	case decisionlog.Refuse:
		return authorization.Response{Err: refusal(v.err, id)}
	case decisionlog.Deny:
		return authorization.Response{Msg: v.decision.Message() + "\n" + reference(id)}
	default:
		return authorization.Response{Allow: true}
	}
}

func (v *verdict) outcome() decisionlog.Outcome {
	switch {
	case v.err != nil:
		return decisionlog.Refuse
	case !v.decision.Allow:
		return decisionlog.Deny
	default:
		return decisionlog.Allow
	}
}

// record logs and counts a verdict that took some time.
func (a *Authorizer) record(started time.Time, took time.Duration, id string, v *verdict) {
	defer a.logPanic(id, v)
	entry := decisionlog.About(&v.doc)
	entry.Time, entry.DecisionID, entry.DurationMicros = started, id, took.Microseconds()
	entry.Outcome = v.outcome()
	entry.Allow = entry.Outcome == decisionlog.Allow
	if v.err != nil {
		entry.Error = v.err.Error()
	}
	entry.Violations = findings(v.decision.Violations)
	entry.Dryrun = findings(v.decision.Dryrun)
	for _, e := range v.decision.Excepted {
		entry.Excepted = append(entry.Excepted, decisionlog.Finding{Rule: e.Rule, Field: e.Field, Msg: e.Msg, Exception: e.Exception})
	}
	a.log.Record(entry)
	a.counts.decided(entry, took)
	if failure := new(panicError); errors.As(v.err, &failure) {
		a.log.Logger().WithField("decision_id", id).WithField("stack", string(failure.stack)).Error(failure)
	}
}

// logPanic says what became of a decision that could not be recorded: the answer
// has been given.
func (a *Authorizer) logPanic(id string, v *verdict) {
	if cause := recover(); cause != nil {
		a.log.Logger().WithField("stack", string(newPanicError(cause).stack)).
			Errorf("logging the decision %s, which was to %s: panic: %v", id, v.outcome(), cause)
	}
}

func findings(violations []policy.Violation) []decisionlog.Finding {
	all := make([]decisionlog.Finding, len(violations))
	for i, v := range violations {
		all[i] = decisionlog.Finding{Rule: v.Rule, Field: v.Field, Msg: v.Msg}
	}
	return all
}

func refusal(reason error, id string) string {
	if errors.Is(reason, errPanic) {
		reason = errPanic // the rest is for the log
	}
	return fmt.Sprintf("Bulwark could not decide, so nothing was done: %v\n%s", reason, reference(id))
}

// reference ends every text: it leads an administrator to the line in the log.
func reference(id string) string {
	return fmt.Sprintf("(decision %s, see the log on the host)", id)
}

// crockford is base 32 without letters that look like digits. It sorts as the
// bytes it stands for.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// newDecisionID returns 16 letters and digits that sort by time: 48 bits of
// milliseconds, then 32 random bits.
func newDecisionID(now time.Time) string {
	var id [10]byte
	binary.BigEndian.PutUint64(id[:8], uint64(now.UnixMilli())<<16)
	_, _ = rand.Read(id[6:]) // never fails
	return crockford.EncodeToString(id[:])
}
