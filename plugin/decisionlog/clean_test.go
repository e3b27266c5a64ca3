package decisionlog

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"plain", "/containers/create", "/containers/create"},
		{"password in a URL", "https://bob:s3cret@host/x.git", "https://***@host/x.git"},
		{"token as the user", "/images/https:/ghp_s3cret@host/x/json", "/images/https://***@host/x/json"},
		{"password with an at sign", "git://a:b@s3cret@host", "git://***@host"},
		{"credentials without a scheme", "the image user:secret@registry.example.com/app would run", "the image ***@registry.example.com/app would run"},
		{"a share with credentials", "//user:secret@10.0.0.9/share", "//***@10.0.0.9/share"},
		{"tag and digest are no credentials", "app:1.2@sha256:abc", "app:1.2@sha256:abc"},
		{"digests are no credentials", "registry.example.com:5000/app@sha256:abc", "registry.example.com:5000/app@sha256:abc"},
		{"line break and escape", "a\r\nb\x1b[2J", "a\ufffd b\ufffd[2J"},
		{"direction override", "a\u202eb", "a\ufffdb"},
		{"line separator", "a\u2028b", "a\ufffdb"},
		{"invalid UTF-8", "a\xffb", "a\ufffdb"},
		{"too long", strings.Repeat("é", 100), strings.Repeat("é", 30) + "…"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := clean(test.text, maxName); got != test.want {
				t.Errorf("clean(%q) = %q, want %q", test.text, got, test.want)
			}
		})
	}
}

// TestLongestLine sends the worst a client can into every field.
func TestLongestLine(t *testing.T) {
	const scanner = 64 << 10 // what older engines read of a line
	for name, unit := range map[string]string{
		"escapes":   `"\`,
		"control":   "\x00\n",
		"invalid":   "\xff",
		"separator": "\u2028",
		"html":      "<&>",
	} {
		t.Run(name, func(t *testing.T) {
			long := strings.Repeat(unit, 1<<19)
			findings := slices.Repeat([]Finding{{Rule: long, Field: long, Msg: long, Exception: long}}, 1000)
			e := Entry{
				User: long, UserMethod: long, Operation: long, Method: long, Path: long, Object: long,
				APIVersion: long, QueryNames: slices.Repeat([]string{long}, 1000), Violations: findings,
				Dryrun: findings, Error: long,
			}
			line := encode(e.clean())
			if len(line) >= scanner || !utf8.Valid(line) || slices.Contains(line[:len(line)-1], '\n') {
				t.Errorf("line of %d bytes", len(line))
			}
			var got Entry
			if err := json.Unmarshal(line, &got); err != nil {
				t.Fatal(err)
			}
			if want := 2 * (1000 - maxFindings); got.Omitted != want {
				t.Errorf("omitted %d findings, want %d", got.Omitted, want)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	f.Add("https://bob:s3cret@host", 20)
	f.Add("a\xff\u202e…", 4)
	f.Add("https://bob:s3\fcret@host", 20) // no space to a terminal, and one to a regular expression
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit = maxName + max(0, limit)%maxPath
		got := clean(text, limit)
		if len(got) > limit || !utf8.ValidString(got) {
			t.Errorf("clean(%q, %d) = %q", text, limit, got)
		}
		if credentials.MatchString(got) && !strings.Contains(got, "://***@") {
			t.Errorf("clean(%q, %d) = %q shows credentials", text, limit, got)
		}
	})
}
