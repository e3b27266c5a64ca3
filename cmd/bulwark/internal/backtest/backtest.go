// Package backtest makes recorded decisions again under another policy, and
// says which of them would be others.
package backtest

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/decisions"
	"github.com/bulwark-authz/bulwark/plugin/decisionlog"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// Undecided stands in place of a rule's name where the policy could not decide,
// so that the plugin would refuse the request.
const Undecided = "(no decision)"

// Report says what a policy would have changed.
type Report struct {
	// Replayed are the decisions that were made again, Unchanged those of them
	// whose outcome is the same.
	Replayed  int `json:"replayed"`
	Unchanged int `json:"unchanged"`
	// NotRecorded are the decisions whose request is not in the log.
	NotRecorded  int     `json:"not_recorded"`
	NewlyDenied  []Group `json:"newly_denied"`
	NewlyAllowed []Group `json:"newly_allowed"`
}

// Changed reports whether any decision would be another.
func (r Report) Changed() bool { return r.Unchanged < r.Replayed }

// Group is what one rule denies one user, or did.
type Group struct {
	Rule string `json:"rule"`
	User string `json:"user"`
	// Count is how many decisions there are, and Example is the first.
	Count   int     `json:"count"`
	Example Example `json:"example"`
}

// Example is one decision of a group.
type Example struct {
	DecisionID string `json:"decision_id"`
	Operation  string `json:"operation"`
	Object     string `json:"object"`
	Message    string `json:"message"`
}

// Decider is a policy.
type Decider interface {
	Decide(context.Context, input.Document) (policy.Decision, error)
}

// Run makes every decision again that is recorded. A dry run that was found
// then denied nothing, so one that is enforced now denies newly.
func Run(ctx context.Context, policy Decider, entries iter.Seq2[decisions.Entry, error]) (Report, error) {
	var report Report
	denied, allowed := groups{}, groups{}
	for entry, err := range entries {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return report, err
		}
		if !entry.Recorded() {
			report.NotRecorded++
			continue
		}
		doc, err := entry.Document()
		if err != nil {
			return report, err
		}
		report.Replayed++
		switch now, allow := replay(ctx, policy, doc); {
		case allow == entry.Allow:
			report.Unchanged++
		case allow:
			allowed.add(entry, entry.Violations)
		default:
			denied.add(entry, now)
		}
	}
	report.NewlyDenied, report.NewlyAllowed = denied.sorted(), allowed.sorted()
	return report, nil
}

// replay is what denies a request now, and whether it would be allowed.
func replay(ctx context.Context, policy Decider, doc input.Document) ([]decisionlog.Finding, bool) {
	decision, err := policy.Decide(ctx, doc)
	if err != nil {
		return []decisionlog.Finding{{Rule: Undecided, Msg: err.Error()}}, false
	}
	var found []decisionlog.Finding
	for _, v := range decision.Violations {
		found = append(found, decisionlog.Finding{Rule: v.Rule, Field: v.Field, Msg: v.Msg})
	}
	return found, decision.Allow
}

type groupKey struct{ rule, user string }

type groups map[groupKey]*Group

// add counts a decision once for each rule that found something in it.
func (g groups) add(entry decisions.Entry, found []decisionlog.Finding) {
	counted := map[string]bool{}
	for _, finding := range found {
		if counted[finding.Rule] {
			continue
		}
		counted[finding.Rule] = true
		key := groupKey{finding.Rule, entry.User}
		if g[key] == nil {
			g[key] = &Group{Rule: finding.Rule, User: entry.User, Example: Example{
				DecisionID: entry.DecisionID, Operation: cmp.Or(entry.Operation, entry.Method+" "+entry.Path),
				Object: entry.Object, Message: finding.Msg,
			}}
		}
		g[key].Count++
	}
}

// sorted are the groups, the largest first. It is never nil.
func (g groups) sorted() []Group {
	list := []Group{}
	for _, group := range g {
		list = append(list, *group)
	}
	slices.SortFunc(list, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.User, b.User))
	})
	return list
}
