package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// TestMessageOfEachCoreRule holds the exact words that a denied user reads.
func TestMessageOfEachCoreRule(t *testing.T) {
	engine := newTestEngine(t, Settings{})
	for name, test := range map[string]struct{ method, uri, body, want string }{
		"no user": {body: `{"Image":"busybox"}`,
			want: `root_user: the container would run as root (User is empty and an image's default is root); use --user UID:GID, e.g. --user 1000:1000`},
		"root": {body: `{"Image":"busybox","User":"root"}`,
			want: `root_user: the container would run as root (User is root); use --user UID:GID, e.g. --user 1000:1000`},
		"privileged": {body: `{"Image":"busybox","User":"1000","HostConfig":{"Privileged":true}}`,
			want: `privileged: the container would have all of the host's powers (HostConfig.Privileged is true); drop --privileged, and add with --cap-add or --device only what the container needs`},
		"capability": {body: `{"Image":"busybox","User":"1000","HostConfig":{"CapAdd":["CHOWN","cap_sys_admin"]}}`,
			want: `cap_add: the capability SYS_ADMIN would be added (HostConfig.CapAdd[1]); leave --cap-add SYS_ADMIN out; allowed beside the engine's default set: none`},
		"bind": {body: `{"Image":"busybox","User":"1000","HostConfig":{"Binds":["/home:/x"]}}`,
			want: `host_binds: /home of the host would be mounted at /x (HostConfig.Binds[0]); use a named volume, e.g. -v data:/x, or an allowed host path: none`},
		"registry": {body: `{"Image":"evil.example/app","User":"1000"}`,
			want: `untrusted_registry: the image evil.example/app is not from a trusted registry (Image); use an image from: docker.io/library`},
		"pull": {uri: "/v1.41/images/create?fromImage=evil.example%2Fapp&tag=1",
			want: `untrusted_registry: the image evil.example/app:1 is not from a trusted registry (fromImage); use an image from: docker.io/library`},
		"seccomp": {body: `{"Image":"busybox","User":"1000","HostConfig":{"SecurityOpt":["seccomp=unconfined"]}}`,
			want: `seccomp_disabled: the container would run without a seccomp profile (HostConfig.SecurityOpt[0] is unconfined); leave --security-opt seccomp out, so that the engine's own profile applies`},
		"unknown": {method: "GET", uri: "/v1.41/containers/list",
			want: `unknown_operation: no operation of the engine is known for GET /containers/list (path); check the path and the method for a mistake`},
		"disable": {uri: "/v1.41/plugins/bulwark/disable",
			want: `self_protection: the plugin bulwark may be Bulwark under another name, and would be disabled (name); as root on the host, take Bulwark out of authorization-plugins in /etc/docker/daemon.json, and make dockerd read it with kill -HUP $(pidof dockerd)`},
	} {
		t.Run(name, func(t *testing.T) {
			req := input.Request{Method: "POST", URI: "/v1.41/containers/create"}
			if test.method != "" {
				req.Method = test.method
			}
			if test.uri != "" {
				req.URI = test.uri
			}
			if test.body != "" {
				req.Headers = map[string]string{"Content-Type": "application/json"}
				req.Body = []byte(test.body)
			}
			if diff := cmp.Diff(test.want, decide(t, engine, input.FromRequest(req)).Message()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMessageIsSortedAndSaysEachThingOnce(t *testing.T) {
	field, other, msg := "B", "A", "would happen"
	found := func(rule string, field *string) finding {
		f := finding{Rule: rule, Enforcement: "deny"}
		f.Violation.Field, f.Violation.Msg = field, &msg
		return f
	}
	engine := &Engine{}
	decision := engine.decide([]finding{found("b", &other), found("a", &field), found("a", &other), found("a", &field)})
	if diff := cmp.Diff("a: would happen (A)\na: would happen (B)\nb: would happen (A)", decision.Message()); diff != "" {
		t.Error(diff)
	}
}

// TestOnlyADryRunIsLeftOut: what is done about a finding is not guessed.
func TestOnlyADryRunIsLeftOut(t *testing.T) {
	text := "text"
	for _, enforcement := range []string{"deny", "", "off", "Dryrun"} {
		f := finding{Rule: "a", Enforcement: enforcement}
		f.Violation.Field, f.Violation.Msg = &text, &text
		if decision := (&Engine{}).decide([]finding{f}); decision.Allow || len(decision.Dryrun) > 0 {
			t.Errorf("enforcement %q: %+v", enforcement, decision)
		}
	}
}

func TestViolationString(t *testing.T) {
	for name, test := range map[string]struct {
		violation Violation
		want      string
	}{
		"field and fix":        {Violation{Rule: "r", Field: "User", Msg: "m", Fix: "f"}, "r: m (User); f"},
		"no field":             {Violation{Rule: "r", Msg: "m", Fix: "f"}, "r: m; f"},
		"no fix":               {Violation{Rule: "r", Field: "User", Msg: "m"}, "r: m (User)"},
		"msg tells of field":   {Violation{Rule: "r", Field: "User", Msg: "m (User is 0)"}, "r: m (User is 0)"},
		"msg tells of another": {Violation{Rule: "r", Field: "User", Msg: "m (UserId is 0)"}, "r: m (UserId is 0) (User)"},
		"control characters":   {Violation{Rule: "r", Msg: "a\nb\x1b[31m\u202ec\xff"}, `r: a\nb\x1b[31m\u202ec` + "\ufffd"},
		"letters stay":         {Violation{Rule: "r", Msg: "größer 日本"}, "r: größer 日本"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.violation.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMessageIsBounded(t *testing.T) {
	long := Violation{Rule: "r", Msg: strings.Repeat("ä", 100_000)}
	if got := []rune(long.String()); len(got) != mostRunes+len("...") {
		t.Errorf("%d characters, want %d", len(got), mostRunes+len("..."))
	}
	var d Decision
	for i := range 10_000 {
		d.Violations = append(d.Violations, Violation{Rule: "r", Msg: fmt.Sprint(i)})
	}
	lines := strings.Split(d.Message(), "\n")
	if len(lines) != mostLines+1 || lines[mostLines] != "and 9980 more findings" {
		t.Errorf("%d lines, the last is %q", len(lines), lines[len(lines)-1])
	}
}
