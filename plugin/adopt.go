package plugin

import (
	"fmt"
	"time"

	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// mostLogged is how many changed files a line of the log names.
const mostLogged = 20

// Adopt decides by a policy that was loaded from now on; requests that are
// being decided keep theirs. When what was loaded is broken, the last good
// policy stays, and without one every request is refused with the reason.
func (a *Authorizer) Adopt(l policy.Loaded) {
	if l.Err != nil {
		a.keepPolicy(l)
		return
	}
	a.Use(l.Engine)
	a.counts.loads.Inc()
	p := &a.policy
	p.mu.Lock()
	p.engine, p.hash, p.loaded, p.err, p.since = l.Engine, l.Hash, time.Now(), nil, time.Time{}
	p.mu.Unlock()

	profile, mode, rules := l.Engine.Summary()
	log := a.log.Logger()
	log.WithField("config", a.about.Config).WithField("hash", l.Hash).WithField("changed", few(l.Changed)).
		WithField("profile", profile).WithField("mode", mode).WithField("rules", rules).Info("policy loaded")
	for _, notice := range l.Engine.Notices(time.Now()) {
		log.WithField("config", a.about.Config).Warn(notice)
	}
}

// keepPolicy says what is wrong and changes nothing about the policy in force.
func (a *Authorizer) keepPolicy(l policy.Loaded) {
	a.counts.failedLoads.Inc()
	p := &a.policy
	p.mu.Lock()
	if p.err == nil {
		p.since = time.Now()
	}
	p.err = l.Err
	none := p.engine == nil
	p.mu.Unlock()

	log := a.log.Logger().WithField("config", a.about.Config).WithField("changed", few(l.Changed)).WithError(l.Err)
	if !none {
		log.Error("the policy is broken, the last good one stays")
		return
	}
	a.RefuseAll(fmt.Errorf("the settings are broken, and an administrator of the host must mend them: %w", l.Err))
	log.Error("the policy is broken and there is none to keep: refusing every request")
}

func few(changed []string) []string {
	if len(changed) <= mostLogged {
		return changed
	}
	return append(changed[:mostLogged:mostLogged], fmt.Sprintf("and %d more", len(changed)-mostLogged))
}
