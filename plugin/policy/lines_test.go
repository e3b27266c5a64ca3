package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSettingLines(t *testing.T) {
	const text = `# ours
profile: baseline
rules:
  cap_add:
    enforcement: dryrun
    params: {allowed: [NET_ADMIN]}
exceptions:
  - name: one
    rules: [cap_add]
  - {rules: [cap_add], name: two}
  - x
`
	got := SettingLines(settingsFolder(t, text))
	want := map[string]int{
		"profile": 2, "rules": 3, "rules.cap_add": 4, "rules.cap_add.enforcement": 5, "rules.cap_add.params": 6,
		"rules.cap_add.params.allowed": 6, "exceptions": 7, "exceptions.one": 8, "exceptions.two": 10,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, text := range []string{"", "[", "- x\n"} {
		if got := SettingLines(settingsFolder(t, text)); len(got) != 0 {
			t.Errorf("%q: %v", text, got)
		}
	}
	if got := SettingLines("/nowhere"); len(got) != 0 {
		t.Errorf("without a file: %v", got)
	}
}
