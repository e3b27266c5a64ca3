package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// The plugin notices some changes only after seconds.
const (
	noticeTimeout = 8 * time.Second
	noticePoll    = 200 * time.Millisecond
)

// readFolder loads the configuration folder as the plugin does.
func (e *examination) readFolder() {
	snapshot, err := policy.Folder{Dir: e.config()}.Read()
	if e.hash, e.broken = snapshot.Hash, err; err == nil {
		e.loaded, e.broken = policy.LoadFS(snapshot.FS(), snapshot.Dir)
	}
}

// checkPolicy sees whether what is in force is what is in the folder.
func (e *examination) checkPolicy(ctx context.Context) {
	e.awaitNotice(ctx)
	mend := "mend what is in " + e.config() + "; it is read again at once"
	switch p := e.status.Policy; {
	case p.Loaded.IsZero():
		e.add("policy", Fail, "there is no policy, so every request is refused"+e.unlessBroken(p.Error), mend)
	case p.Error != "":
		e.add("policy", Fail, fmt.Sprintf("what is in %s is broken since %s, and the policy of %s stays in force%s",
			e.config(), moment(p.ErrorSince), moment(p.Loaded), e.unlessBroken(p.Error)), mend)
	case p.Hash != e.hash:
		e.add("policy", Fail, fmt.Sprintf("the policy in force, of %s, is not what is in %s", moment(p.Loaded), e.config()),
			"see whether the plugin's settings host.source and BULWARK_CONFIG lead to this folder")
	case p.Mode == string(policy.Audit):
		e.add("policy", Warn, "the policy of "+e.config()+" is in force, and denies nothing: "+summary(p.Profile, p.Mode, p.Rules),
			"when the log shows no more denials that it should not, take mode: audit out of settings.yaml")
	default:
		e.add("policy", OK, fmt.Sprintf("the policy of %s is in force since %s: %s", e.config(), moment(p.Loaded), summary(p.Profile, p.Mode, p.Rules)), "")
	}
}

// awaitNotice gives the plugin time to notice a change just made.
func (e *examination) awaitNotice(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, noticeTimeout)
	defer cancel()
	for !e.noticed() {
		select {
		case <-ctx.Done():
			return
		case <-time.After(noticePoll):
		}
		status, err := ask(ctx, e.socket())
		if err != nil {
			return
		}
		e.status = status
		e.readFolder()
	}
}

// noticed tells whether the plugin has seen what is in the folder now.
func (e *examination) noticed() bool {
	p := e.status.Policy
	if p.Error != "" || e.broken != nil {
		return p.Error != "" && e.broken != nil
	}
	return p.Hash == e.hash
}

// unlessBroken is a fault that the plugin has and that does not show here.
func (e *examination) unlessBroken(text string) string {
	if text == "" || e.broken != nil && e.broken.Error() == text {
		return ""
	}
	return ": " + text
}

func summary(profile, mode string, rules int) string {
	return fmt.Sprintf("profile %s, mode %s, %d rules", profile, mode, rules)
}

// checkSettings sees whether the folder can be loaded, and what is about to end.
func (e *examination) checkSettings() {
	if e.broken != nil {
		e.add("settings", Fail, e.broken.Error(), "mend it; the text says where")
		return
	}
	e.add("settings", OK, "what is in "+e.config()+" is valid: "+summary(e.loaded.Summary()), "")
	for _, notice := range e.loaded.Notices(time.Now()) {
		what, advice, _ := strings.Cut(notice, "; ")
		e.add("exceptions", Warn, what, advice)
	}
}
