package policies

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/bulwark-authz/bulwark/policies/yamlschema"
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
		value, err := readValue(site, file)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		data[name] = value
	}
	return data, errors.Join(errs...)
}

// readValue reads YAML, of which JSON is a part, as JSON would have it.
func readValue(site Site, file string) (any, error) {
	name := path.Join(site.Dir, file)
	text, err := fs.ReadFile(site.Files, file)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	document, faults := yamlschema.Read(text)
	if len(faults) > 0 {
		return nil, yamlschema.Join(name, faults)
	}
	if document == nil {
		return nil, fmt.Errorf("%s: the file is empty; write data into it, or remove it", name)
	}
	var value any
	if err := document.Decode(&value); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	generic, err := ast.InterfaceToValue(value)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return ast.JSON(generic)
}

// Data is what a site's rules read as data.site.
func (b *Bundle) Data() map[string]any { return b.siteData }
