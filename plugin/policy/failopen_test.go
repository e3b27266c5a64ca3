package policy

import "testing"

// TestWhatRemainsWithTheAuthor: what docs/how-rego-fails-open.md says of Rego
// that no check can know to be a mistake. The container has no label and no user.
func TestWhatRemainsWithTheAuthor(t *testing.T) {
	const text = `"msg": "x"} if `
	for rego, denies := range map[string]bool{
		text + `{ team := input.container.labels.team; not team in {"shop"} }`:                                               false,
		text + "not team in {\"shop\"}\n\ndefault team := \"not set\"\n\nteam := input.container.labels.team":                true,
		text + "known(input.container.labels.team) == false\n\ndefault known(_) := false\n\nknown(team) if team == \"shop\"": false,
		text + "not known(input.container.labels.team)\n\ndefault known(_) := false\n\nknown(team) if team == \"shop\"":      true,
		`"msg": $"{input.container.labels.team}"} if true`:                                                                   true,
		`"msg": concat(", ", [input.container.labels.team])} if true`:                                                        false,
		text + `input.container.user.uid <= 0`:                                                                               true,
		text + `not input.container.user.uid > 0`:                                                                            true,
		text + `input.container.user.uid == 0`:                                                                               false,
		text + `{ every mount in input.container.mounts { mount.read_only } }`:                                               true,
		text + `input.container.labels.team != "shop"`:                                                                       false,
		text + `not input.container.labels.team == "shop"`:                                                                   true,
	} {
		files := folder("rules/sample/sample.rego", `# METADATA
# title: Sample
# description: A rule for this test.
# custom: {severity: low, operations: [ContainerCreate], remediation: mend it}
package custom.rules.sample

import rego.v2

deny contains {"field": "", `+rego+"\n")
		decision := decide(t, load(t, files), create(`{"Image":"busybox"}`))
		if got := has(decision.Violations, "sample"); got != denies {
			t.Errorf("denies %v, not %v: %s", got, denies, rego)
		}
	}
}
