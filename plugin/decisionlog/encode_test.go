package decisionlog

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// checkEncode compares a line with encoding/json's.
func checkEncode(t *testing.T, e Entry) {
	t.Helper()
	var want bytes.Buffer
	encoder := json.NewEncoder(&want)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), string(encode(e))); diff != "" {
		t.Errorf("line (-encoding/json +got): %s", diff)
	}
}

func TestEncode(t *testing.T) {
	found := []Finding{{Rule: "a", Field: "b", Msg: "c"}, {Rule: "d", Exception: "e"}}
	for name, e := range map[string]Entry{
		"empty": Entry{}.clean(),
		"full": {
			Time: time.Date(2026, 1, 2, 3, 4, 5, 60, time.FixedZone("", 3600)), Level: "info", Kind: "decision", DecisionID: "0", Outcome: Deny, Allow: true,
			User: "u", UserMethod: "TLS", Operation: "o", Method: "GET", Path: "/p", Object: "x", APIVersion: "1.41", QueryNames: []string{"a", "b"},
			Violations: found, Dryrun: found[:1], Excepted: found[1:], Omitted: 3, Error: "e", DurationMicros: 12,
		},
	} {
		t.Run(name, func(t *testing.T) { checkEncode(t, e) })
	}
}

func FuzzEncode(f *testing.F) {
	f.Add("plain", int64(1), int64(0))
	f.Add("\"\\\x00\n\x7f<>&é\u2028\xff@", int64(1_700_000_000), int64(-5))
	f.Fuzz(func(t *testing.T, text string, seconds, number int64) {
		const lastYear = 253_402_300_799 // the last second that encoding/json writes
		if seconds < 0 || seconds > lastYear {
			return
		}
		checkEncode(t, Entry{
			Time: time.Unix(seconds, number&0xfffff).UTC(), Object: text, Error: text, QueryNames: []string{text}, Omitted: int(number),
			Violations: []Finding{{Rule: text, Field: text, Msg: text, Exception: text}}, Dryrun: []Finding{}, DurationMicros: number,
		}.clean())
	})
}
