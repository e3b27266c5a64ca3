package compose

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

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

// ofService is how an error begins that is about a whole service.
var ofService = regexp.MustCompile(`^service "([^"]+)" `)

// locate says where in the files of a project an error of compose's parser
// comes from, if that can be told.
func locate(err error, files []file) error {
	for _, f := range files {
		if f.fault != nil {
			return f.fault
		}
	}
	text := validating.ReplaceAllString(err.Error(), "")
	for _, pattern := range unknownKey {
		if m := pattern.FindStringSubmatch(text); m != nil {
			parent := steps(strings.TrimSuffix(m[1], "."))
			meant := ""
			if near := yamlschema.Nearest(m[2], knownKeys(parent)); near != "" {
				meant = fmt.Sprintf(" (did you mean %q?)", near)
			}
			return placed(err, files, append(parent, m[2]), fmt.Sprintf("unknown key %q%s", m[2], meant))
		}
	}
	if m := inFile.FindStringSubmatch(text); m != nil {
		return placed(err, files, steps(strings.ReplaceAll(m[1], ".[]", "")), text)
	}
	if m := ofService.FindStringSubmatch(text); m != nil {
		return placed(err, files, place.Path{"services", m[1]}, text)
	}
	return err
}

// placed is the error of the file that has most of a path.
func placed(err error, files []file, path place.Path, text string) error {
	most, at := 0, err
	for _, w := range havingPartOf(files, path) {
		if _, found := w.tree.Find(w.base); len(found) > most {
			most = len(found)
			line, column := w.tree.Position(w.base)
			at = place.Fault{Err: yamlschema.Fault{Line: line, Column: column, Text: text}.In(w.name)}
		}
	}
	return at
}

// havingPartOf are the places where a path may be written.
func havingPartOf(files []file, path place.Path) (all []written) {
	for _, f := range files {
		all = append(all, written{f, path})
	}
	if len(path) < 2 || path[0] != "services" {
		return all
	}
	service, _ := path[1].(string)
	extended, _ := parts(files, "services", service)
	for _, w := range extended {
		all = append(all, written{w.file, slices.Concat(w.base, path[2:])})
	}
	return all
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
