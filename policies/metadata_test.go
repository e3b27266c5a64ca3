package policies

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMetadataAsOPAReadsIt: whatever OPA accepts as METADATA of the package means the same here.
func TestMetadataAsOPAReadsIt(t *testing.T) {
	const of, until = "# schemas:\n", "# custom:\n"
	head, rest, _ := strings.Cut(sampleMetadata, of)
	_, custom, _ := strings.Cut(rest, until)
	schemas := func(entries string) string { return head + of + entries + until + custom }
	const params = `["params"]: {type: object, additionalProperties: false, properties: {allowed: {type: array, items: {type: string}}}}`
	for name, text := range map[string]string{
		"as ours":                  sampleMetadata + sampleHead + sampleDeny,
		"an indented package":      sampleMetadata + " " + sampleHead + "# METADATA\n# title: Another\n" + sampleDeny,
		"a comment, a blank line":  "# A comment.\n\n" + sampleMetadata + sampleHead + sampleDeny,
		"an address alone":         strings.Replace(sampleMetadata, "- description: Docker\n#     ref: ", "- ", 1) + sampleHead + sampleDeny,
		"references in other ways": schemas("#   - input: 'schema[\"input\"]'\n#   - 'data.rules[\"sample\"]"+strings.Replace(params, `["params"]:`, `["params"]':`, 1)+"\n") + sampleHead + sampleDeny,
	} {
		t.Run(name, func(t *testing.T) {
			bundle, err := Read(sample(map[string]string{sampleFile: text}))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := bundle.Compile(); err != nil {
				t.Fatal(err)
			}
			rule := bundle.Rules[0]
			got := []any{rule.Title, rule.Operations, rule.Resources[0].Ref, rule.ParamsSchema != nil}
			if diff := cmp.Diff([]any{"Sample", []string{"ContainerCreate"}, "https://docs.docker.com/", true}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
