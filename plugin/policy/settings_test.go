package policy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/policies"
)

func TestLoadSettings(t *testing.T) {
	for name, test := range map[string]struct {
		yaml string
		want Settings
	}{
		"empty file":    {"", Settings{}},
		"comments only": {"# nothing yet\n", Settings{}},
		"everything": {
			"profile: restricted\nmode: audit\nrules:\n  root_user: {enforcement: dryrun}\n  cap_add:\n    enforcement: off\n    params: {allowed: [NET_ADMIN]}\n",
			Settings{Profile: "restricted", Mode: Audit, Rules: map[string]policies.Override{
				"root_user": {Enforcement: "dryrun"},
				"cap_add":   {Enforcement: "off", Params: map[string]any{"allowed": []any{"NET_ADMIN"}}},
			}},
		},
		"a locked rule that stays locked": {
			"rules: {self_protection: {enforcement: deny}}\n",
			Settings{Rules: map[string]policies.Override{"self_protection": {Enforcement: "deny"}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := loadSettings(settingsFolder(t, test.yaml))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if _, err := New(got); err != nil {
				t.Errorf("settings that load do not work: %v", err)
			}
		})
	}
}

func TestLoadSettingsWithoutAFile(t *testing.T) {
	for _, dir := range []string{t.TempDir(), filepath.Join(t.TempDir(), "none")} {
		settings, err := loadSettings(dir)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Settings{}, settings); diff != "" {
			t.Error(diff)
		}
	}
}

func TestLoadSettingsRefuses(t *testing.T) {
	for name, test := range map[string]struct{ yaml, want string }{
		"unknown key":            {"profil: baseline\n", `1:1: unknown key "profil" (did you mean "profile"?)`},
		"unknown profile":        {"profile: basline\n", `1:10: profile must be baseline or restricted, not "basline" (did you mean "baseline"?)`},
		"unknown mode":           {"mode: permissive\n", `1:7: mode must be enforce or audit, not "permissive"`},
		"unknown rule":           {"rules:\n  root_usr: {}\n", `2:3: unknown key "root_usr" (did you mean "root_user"?)`},
		"misspelt enforcement":   {"rules:\n  root_user:\n    enforcement: dry-run\n", `3:18: rules.root_user.enforcement must be deny or dryrun or off, not "dry-run" (did you mean "dryrun"?)`},
		"unknown key of a rule":  {"rules:\n  root_user: {enforced: deny}\n", `2:15: unknown key "enforced"`},
		"param of another rule":  {"rules:\n  cap_add: {params: {trusted: []}}\n", `2:22: unknown key "trusted"`},
		"params without any":     {"rules:\n  privileged: {params: {a: 1}}\n", `2:16: privileged has no params`},
		"misspelt param":         {"rules:\n  cap_add: {params: {alowed: []}}\n", `2:22: unknown key "alowed" (did you mean "allowed"?)`},
		"param of another type":  {"rules:\n  cap_add: {params: {allowed: NET_ADMIN}}\n", `2:31: rules.cap_add.params.allowed must be a list, not text (NET_ADMIN)`},
		"capability with prefix": {"rules:\n  cap_add: {params: {allowed: [CAP_SYS_ADMIN]}}\n", `2:32: rules.cap_add.params.allowed[0] cannot be "CAP_SYS_ADMIN" (did you mean "SYS_ADMIN"?)`},
		"registry with a tag":    {"rules:\n  untrusted_registry: {params: {trusted: [\"docker.io/library/x:1\"]}}\n", `2:43: rules.untrusted_registry.params.trusted[0] cannot be "docker.io/library/x:1"`},
		"image without registry": {"rules:\n  untrusted_registry: {params: {trusted: [library/postgres]}}\n", `2:43: rules.untrusted_registry.params.trusted[0] cannot be "library/postgres"`},
		"relative host path":     {"rules:\n  host_binds: {params: {allowed: [{path: srv, read_only: true}]}}\n", `2:42: rules.host_binds.params.allowed[0].path cannot be "srv" (an absolute path)`},
		"host path incomplete":   {"rules:\n  host_binds: {params: {allowed: [{read_only: true}]}}\n", `2:35: rules.host_binds.params.allowed[0] needs the key "path"`},
		"a locked rule":          {"rules:\n  self_protection: {enforcement: off}\n", `2:34: rules.self_protection.enforcement must be deny, not "off" (self_protection is locked: it is always enforced)`},
		"a key twice":            {"mode: audit\nmode: enforce\n", `2:1: key "mode" is there twice`},
		"not YAML":               {"rules: [\n", "1:1: not YAML: "},
		"not a mapping":          {"- profile\n", "1:1: the document must be a mapping, not a list"},
		"a second document":      {"mode: audit\n---\nmode: enforce\n", "2:1: a second document begins"},
		"several faults":         {"mod: audit\nprofile: x\n", "1:1: unknown key \"mod\" (did you mean \"mode\"?)\n2:10: profile must be"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := settingsFolder(t, test.yaml)
			_, err := loadSettings(dir)
			if err == nil {
				t.Fatal("loaded without an error")
			}
			file := filepath.Join(dir, SettingsFile)
			for _, want := range strings.Split(test.want, "\n") {
				if !strings.Contains(err.Error(), file+":"+want) {
					t.Errorf("error %q, want the file and %q in it", err, want)
				}
			}
		})
	}
}

func TestLoadSettingsThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, SettingsFile), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := loadSettings(dir); err == nil {
		t.Error("a folder in the file's place is read without an error")
	}
}

// TestNewRefuses: settings made by a program are checked like a file's.
func TestNewRefuses(t *testing.T) {
	for name, settings := range map[string]Settings{
		"unknown profile":      {Profile: "none"},
		"unknown mode":         {Mode: "warn"},
		"unknown rule":         {Rules: map[string]policies.Override{"none": {}}},
		"misspelt enforcement": {Rules: map[string]policies.Override{"root_user": {Enforcement: "warn"}}},
		"wrong params":         {Rules: map[string]policies.Override{"cap_add": {Params: map[string]any{"allowed": "ALL"}}}},
		"a locked rule":        {Rules: map[string]policies.Override{"self_protection": {Enforcement: "dryrun"}}},
	} {
		t.Run(name, func(t *testing.T) {
			if engine, err := New(settings); err == nil || engine != nil {
				t.Error("an engine without an error")
			}
		})
	}
}

func settingsFolder(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, SettingsFile), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func loadSettings(dir string) (Settings, error) {
	_, settings, err := read(os.DirFS(dir), dir)
	return settings, err
}
