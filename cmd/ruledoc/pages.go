package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"

	"github.com/bulwark-authz/bulwark/policies"
	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

//go:embed rule.md.tmpl index.md.tmpl input.md.tmpl
var templates embed.FS

// pageTemplates stop at a key that does not exist, instead of printing a
// placeholder into a page.
var pageTemplates = template.Must(template.New("").Option("missingkey=error").Funcs(template.FuncMap{
	"code":     code,
	"join":     strings.Join,
	"json":     compact,
	"params":   params,
	"cell":     cell,
	"sentence": sentence,
}).ParseFS(templates, "*.tmpl"))

// render returns the pages by file name.
func render(rules []policies.Rule) (map[string][]byte, error) {
	index, err := newIndex(rules)
	if err != nil {
		return nil, err
	}
	pages := map[string][]byte{}
	for _, rule := range rules {
		if pages[rule.Name+".md"], err = execute("rule.md.tmpl", rule); err != nil {
			return nil, fmt.Errorf("rendering the page of %s: %w", rule.Name, err)
		}
	}
	if pages["index.md"], err = execute("index.md.tmpl", index); err != nil {
		return nil, fmt.Errorf("rendering the index: %w", err)
	}
	return pages, nil
}

func execute(name string, data any) ([]byte, error) {
	var page bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&page, name, data); err != nil {
		return nil, err
	}
	return page.Bytes(), nil
}

// param is one row of a rule's table of params.
type param struct{ Name, Type, Default, Description string }

func params(rule policies.Rule) ([]param, error) {
	if rule.ParamsSchema == nil {
		return nil, nil
	}
	var rows []param
	for _, name := range slices.Sorted(maps.Keys(rule.ParamsSchema.Properties)) {
		schema := rule.ParamsSchema.Properties[name]
		value, err := compact(rule.Params[name])
		if err != nil {
			return nil, err
		}
		rows = append(rows, param{Name: name, Type: typeName(schema), Default: value, Description: schema.Description})
	}
	return rows, nil
}

// typeName is a schema's type in a few words: "list of {path, read_only}".
func typeName(schema *yamlschema.Schema) string {
	switch {
	case schema.Type == "array" && schema.Items != nil:
		return "list of " + typeName(schema.Items)
	case len(schema.Properties) > 0:
		return "{" + strings.Join(slices.Sorted(maps.Keys(schema.Properties)), ", ") + "}"
	case len(schema.Enum) > 0:
		return strings.Join(schema.Enum, " or ")
	}
	return map[string]string{
		"array": "list", "object": "mapping", "string": "text", "boolean": "true or false",
		"integer": "number", "number": "number",
	}[schema.Type]
}

// compact is a value on one line; JSON is YAML too, so it can be copied into
// the settings.
func compact(value any) (string, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return strings.TrimSpace(text.String()), err
}

// code quotes each entry of a list.
func code(list []string) []string {
	quoted := make([]string, len(list))
	for i, entry := range list {
		quoted[i] = "`" + entry + "`"
	}
	return quoted
}

// sentence makes one of the end of one.
func sentence(text string) string {
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// cell keeps a text in its cell of a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}
