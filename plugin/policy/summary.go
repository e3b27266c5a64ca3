package policy

import (
	"cmp"

	"github.com/bulwark-authz/bulwark/policies"
)

// Summary is the policy in a few words: its profile, its mode, and how many
// rules are enforced or logged.
func (e *Engine) Summary() (profile, mode string, rules int) {
	for _, rule := range e.rules {
		if rule.Enforcement == Deny || rule.Enforcement == Dryrun {
			rules++
		}
	}
	return cmp.Or(e.settings.Profile, policies.DefaultProfile), string(cmp.Or(e.settings.Mode, Enforce)), rules
}
