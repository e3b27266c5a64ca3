package decisionlog

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFieldsAreDocumented compares the table in docs/decision-log.md with
// Entry, in its order.
func TestFieldsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/decision-log.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "## Fields")
	table, _, _ = strings.Cut(table, "\n## ")
	var documented []string
	for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]*`) \\|").FindAllStringSubmatch(table, -1) {
		for _, name := range strings.Split(row[1], ", ") {
			documented = append(documented, strings.Trim(name, "`"))
		}
	}
	var fields []string
	for field := range fieldsOf(reflect.TypeFor[Entry]()) {
		fields = append(fields, field)
	}
	if len(fields) == 0 || !cmp.Equal(fields, documented) {
		t.Errorf("-Entry +docs:\n%s", cmp.Diff(fields, documented))
	}
	for field := range fieldsOf(reflect.TypeFor[Finding]()) {
		if !slices.Contains(regexp.MustCompile("`[a-z]+`").FindAllString(table, -1), "`"+field+"`") {
			t.Errorf("%s of a finding is not documented", field)
		}
	}
}

// fieldsOf are the names that a struct's fields have in JSON.
func fieldsOf(t reflect.Type) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			if name != "" && !yield(name) {
				return
			}
		}
	}
}
