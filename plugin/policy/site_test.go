package policy

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

const teamLabel = `# METADATA
# title: Container without a team
# description: Every container says which team it belongs to.
# custom:
#   severity: low
#   operations: [ContainerCreate]
#   remediation: add --label team=NAME
package custom.rules.team_label

import rego.v2

deny contains {"field": "Labels", "msg": msg} if {
	not input.container.labels.team in data.site.teams.names
	msg := "the container says no team that there is"
}
`

// folder is a configuration folder; a pair of arguments is a file.
func folder(pairs ...string) fstest.MapFS {
	files := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		files[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return files
}

func site(pairs ...string) fstest.MapFS {
	return folder(append([]string{"rules/team_label/team_label.rego", teamLabel, "data/teams.yaml", "names: [one, two]\n"}, pairs...)...)
}

func load(t *testing.T, files fstest.MapFS) *Engine {
	t.Helper()
	engine, err := LoadFS(files, "/etc/bulwark")
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

func create(body string) input.Document {
	return input.FromRequest(input.Request{Method: "POST", URI: "/v1.41/containers/create?name=web",
		Headers: map[string]string{"Content-Type": "application/json", "Authz-User": "alice"}, Body: []byte(body)})
}

func TestSiteRule(t *testing.T) {
	const good = `{"Image":"busybox","User":"1000","Labels":{"team":"one"}}`
	const bad = `{"Image":"busybox","User":"1000"}`
	for name, test := range map[string]struct{ settings, body, want string }{
		"denies": {"", bad, "team_label: the container says no team that there is (Labels); add --label team=NAME"},
		"allows": {"", good, ""},
		"dryrun": {"rules: {team_label: {enforcement: dryrun}}", bad, ""},
		"off":    {"rules: {team_label: {enforcement: off}}", bad, ""},
	} {
		t.Run(name, func(t *testing.T) {
			decision := decide(t, load(t, site("settings.yaml", test.settings)), create(test.body))
			if diff := cmp.Diff(test.want, decision.Message()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSiteRuleThatFailsDeniesByItsName(t *testing.T) {
	failing := strings.Replace(teamLabel, `	msg := "the`, "	to_number(input.method) > 1\n	msg := \"the", 1)
	decision := decide(t, load(t, site("rules/team_label/team_label.rego", failing)), create(`{"Image":"busybox","User":"0"}`))
	var found []string
	for _, v := range decision.Violations {
		found = append(found, v.Rule)
	}
	if diff := cmp.Diff([]string{"root_user", "team_label"}, found); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(decision.Message(), "team_label: the rule failed on this request, so it is denied: /etc/bulwark/rules/team_label/team_label.rego:14: eval_builtin_error") {
		t.Error(decision.Message())
	}
}

const oldPolicy = `package docker.authz

allow {
	not seccomp_unconfined
	input.Headers["Authz-User"] == "alice"
}

seccomp_unconfined {
	glob.match("/**/containers/create", ["/"], input.Path)
	input.Body.HostConfig.SecurityOpt[_] == "seccomp=unconfined"
}
`

// TestAuthzPolicy: a policy of opa-docker-authz, in old Rego, is asked as well,
// and sees what the engine will do whatever way it is spelled.
func TestAuthzPolicy(t *testing.T) {
	const settings = "rules: {seccomp_disabled: {enforcement: off}, docker_authz: {enforcement: "
	unconfined := create(`{"Image":"busybox","User":"1000","hostconfig":{"securityopt":["seccomp=unconfined"]}}`)
	for enforcement, want := range map[string]string{
		"deny":   "docker_authz: the policy in the package docker.authz does not allow the request",
		"dryrun": "", "off": "",
	} {
		engine := load(t, folder("rules/authz.rego", oldPolicy, "settings.yaml", settings+enforcement+"}}"))
		if diff := cmp.Diff(want, decide(t, engine, unconfined).Message()); diff != "" {
			t.Error(diff)
		}
		if decision := decide(t, engine, create(`{"Image":"busybox","User":"1000"}`)); !decision.Allow {
			t.Errorf("denied: %s", decision.Message())
		}
	}
}

// TestAuthzResults: only true, or an object in which allow is true, allows.
func TestAuthzResults(t *testing.T) {
	const generic = "docker_authz: the policy in the package docker.authz does not allow the request"
	for result, want := range map[string]string{
		`true`:                                "",
		`{"allow": true}`:                     "",
		`false`:                               generic,
		`"true"`:                              generic,
		`{"allow": "true"}`:                   generic,
		`{"allow": false, "msg": "ask Ann"}`:  "docker_authz: ask Ann",
		`{"allow": false, "reason": "so"}`:    "docker_authz: so",
		`{"msg": "x"}`:                        "docker_authz: x",
		`true if input.Method == "DELETE"`:    generic,
		`true if to_number(input.Method) > 1`: `docker_authz: the policy in the package docker.authz failed: /etc/bulwark/rules/authz/authz.rego:3: eval_builtin_error: to_number: strconv.ParseFloat: parsing "POST": invalid syntax`,
	} {
		engine := load(t, folder("rules/authz/authz.rego", "package docker.authz\n\nallow := "+result+"\n"))
		if diff := cmp.Diff(want, decide(t, engine, create(`{"Image":"busybox","User":"1000"}`)).Message()); diff != "" {
			t.Errorf("%s: %s", result, diff)
		}
	}
}

// TestAuthzInput: a policy for opa-docker-authz reads what that plugin gave it,
// and the site's data.
func TestAuthzInput(t *testing.T) {
	doc := create(`{"Image":"busybox","User":"1000","Env":["A=1"],"HostConfig":{"Binds":["/srv/a:/a:ro","/srv/b:/b"]}}`)
	doc.Facts.Paths["/srv/a"] = input.PathFact{State: input.Found, Resolved: "/data/a"}
	for read, want := range map[string]string{
		"input.BindMounts":              `[{"ReadOnly":true,"Resolved":"/data/a","Source":"/srv/a"},{"ReadOnly":false,"Resolved":"/srv/b","Source":"/srv/b"}]`,
		"input.Path":                    `"/v1.41/containers/create"`,
		"input.PathArr":                 `["","v1.41","containers","create"]`,
		"input.Query":                   `{"name":["web"]}`,
		"input.Headers[\"Authz-User\"]": `"alice"`,
		"input.Body.Env":                `["A"]`,
		"data.site.teams":               `["one"]`,
	} {
		files := folder("data/teams.yaml", "[one]\n", "settings.yaml", "rules: {host_binds: {enforcement: off}, linked_host_path: {enforcement: off}}\n",
			"rules/authz.rego", "package docker.authz\n\nallow := {\"allow\": false, \"msg\": json.marshal("+read+")}\n")
		if diff := cmp.Diff("docker_authz: "+want, decide(t, load(t, files), doc).Message()); diff != "" {
			t.Errorf("%s: %s", read, diff)
		}
	}
}
