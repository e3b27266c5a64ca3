package policies

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"
)

// readSiteData reads each file of the folder data under its name.
func readSiteData(site Site) (map[string]any, error) {
	entries, err := readDir(site.Files, "data")
	if err != nil {
		return nil, fmt.Errorf("listing the data in %s: %w", site.Dir, err)
	}
	data := map[string]any{}
	var errs []error
	for _, entry := range entries {
		file := path.Join("data", entry.Name())
		name, kind, _ := strings.Cut(entry.Name(), ".")
		switch {
		case strings.HasPrefix(entry.Name(), "."):
			continue // editors' and Kubernetes' own
		case entry.IsDir() || kind != "yaml" && kind != "yml" && kind != "json" || !ruleName.MatchString(name):
			errs = append(errs, fmt.Errorf("%s: data is in files named NAME.yaml or NAME.json, NAME in lower case, digits and _", path.Join(site.Dir, file)))
			continue
		case data[name] != nil:
			errs = append(errs, fmt.Errorf("%s: there is another file of the name %s", path.Join(site.Dir, file), name))
			continue
		}
		value, err := readValue(site.Files, file)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", path.Join(site.Dir, file), err))
			continue
		}
		data[name] = value
	}
	return data, errors.Join(errs...)
}

// readValue reads YAML, of which JSON is a part, as JSON would have it.
func readValue(root fs.FS, file string) (any, error) {
	text, err := fs.ReadFile(root, file)
	if err != nil {
		return nil, err
	}
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		return nil, err
	}
	if value == nil {
		return nil, errors.New("the file is empty")
	}
	generic, err := ast.InterfaceToValue(value)
	if err != nil {
		return nil, err
	}
	return ast.JSON(generic)
}

// Data is what a site's rules read as data.site.
func (b *Bundle) Data() map[string]any { return b.siteData }
