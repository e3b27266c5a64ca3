package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// past is how a person reads an outcome.
var past = map[check.Outcome]string{check.Allow: "allowed", check.Deny: "denied", check.Refuse: "refused"}

// writeText writes what a person at a terminal wants to know.
func writeText(w io.Writer, r check.Report) error {
	var b strings.Builder
	for _, source := range r.Sources {
		fmt.Fprintf(&b, "%s\n", printable(source.Name))
		said := map[policy.Violation]bool{}
		for _, request := range source.Requests {
			textRequest(&b, source, request, said)
		}
		for _, note := range source.Notes {
			fmt.Fprintf(&b, "  note: %s\n", printable(note))
		}
		b.WriteByte('\n')
	}
	counts := r.Counts()
	total := counts[check.Allow] + counts[check.Deny] + counts[check.Refuse]
	fmt.Fprintf(&b, "%s: %d allowed, %d denied", plural(total, noun(r)), counts[check.Allow], counts[check.Deny])
	if counts[check.Refuse] > 0 {
		fmt.Fprintf(&b, ", %d refused", counts[check.Refuse])
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

// textRequest writes one request. What was said of an earlier one, the creation
// of a container that is started now, is not said again.
func textRequest(b *strings.Builder, source check.Source, r check.Request, said map[policy.Violation]bool) {
	fmt.Fprintf(b, "  %s: %s\n", past[r.Outcome], printable(r.Subject))
	if r.Outcome == check.Refuse {
		fmt.Fprintf(b, "    could not be decided on: %s\n", printable(r.Message))
	}
	var again []check.Finding
	for _, f := range r.Violations {
		if source.Kind == check.Command && said[f.Violation] {
			again = append(again, f)
			continue
		}
		said[f.Violation] = true
		textFinding(b, source, f, "")
	}
	if len(again) > 0 {
		fmt.Fprintf(b, "    as above: %s\n", rules(again))
	}
	for _, f := range r.Dryrun {
		textFinding(b, source, f, "would be denied (dryrun) by ")
	}
}

func textFinding(b *strings.Builder, source check.Source, f check.Finding, prefix string) {
	fmt.Fprintf(b, "    %s%s (%s): %s\n", prefix, f.Rule, f.Severity, printable(f.Msg))
	if at := where(source, f); at != "" {
		fmt.Fprintf(b, "      at:  %s\n", at)
	}
	if f.Fix != "" {
		fmt.Fprintf(b, "      fix: %s\n", printable(f.Fix))
	}
}

// noun is what is counted.
func noun(r check.Report) string {
	if len(r.Sources) == 1 && r.Sources[0].Kind == check.Engine {
		return "container"
	}
	return "request"
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
