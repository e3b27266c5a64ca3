package compose

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/place"
	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

// The ways in which compose's parser says that it does not know a key.
var unknownKey = []*regexp.Regexp{
	regexp.MustCompile(`(?:^|: )((?:\S+\.)?)([^\s.]+) false schema$`),
	regexp.MustCompile(`(?:^|: )(\S*) additional properties '([^']+)'.* not allowed$`),
}

// validating is how such an error names the file.
var validating = regexp.MustCompile(`^validating .*?: `)

// inFile is the path of what an error of compose's parser is about.
var inFile = regexp.MustCompile(`(?:^|\s)((?:services|networks|volumes|secrets|configs)\.[^\s:]+)`)

// locate says where in the files of a project an error of compose's parser
// comes from, if that can be told.
func locate(err error, config []types.ConfigFile) error {
	text := err.Error()
	for _, pattern := range unknownKey {
		if m := pattern.FindStringSubmatch(text); m != nil {
			parent := steps(strings.TrimSuffix(m[1], "."))
			meant := ""
			if near := yamlschema.Nearest(m[2], knownKeys(parent)); near != "" {
				meant = fmt.Sprintf(" (did you mean %q?)", near)
			}
			return placed(err, config, append(parent, m[2]), fmt.Sprintf("unknown key %q%s", m[2], meant))
		}
	}
	if m := inFile.FindStringSubmatch(text); m != nil {
		return placed(err, config, steps(strings.ReplaceAll(m[1], ".[]", "")), validating.ReplaceAllString(text, ""))
	}
	return err
}

// placed is the error of the file that has most of a path.
func placed(err error, config []types.ConfigFile, path place.Path, text string) error {
	most, at := 0, err
	for _, c := range config {
		tree := place.Parse(c.Content)
		if _, found := tree.Find(path); len(found) > most {
			most = len(found)
			line, column := tree.Position(path)
			at = place.Fault{Err: yamlschema.Fault{Line: line, Column: column, Text: text}.In(c.Filename)}
		}
	}
	return at
}

// steps reads a path as compose's parser writes it.
func steps(path string) place.Path {
	var all place.Path
	for step := range strings.SplitSeq(path, ".") {
		if n, err := strconv.Atoi(step); err == nil {
			all = append(all, n)
		} else if step != "" {
			all = append(all, step)
		}
	}
	return all
}
