package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

// SettingsFile is the name of the settings in the configuration folder.
const SettingsFile = "settings.yaml"

// Settings are what the host's operator sets. The zero Settings enforce the
// baseline profile.
type Settings struct {
	Profile string                       `yaml:"profile,omitempty"`
	Mode    Mode                         `yaml:"mode,omitempty"`
	Rules   map[string]policies.Override `yaml:"rules,omitempty"`
	// Exceptions let single requests pass rules that stay in force.
	Exceptions []Exception `yaml:"exceptions,omitempty"`
}

// Mode says what becomes of a denial.
type Mode string

const (
	// Enforce denies; it is the default.
	Enforce Mode = "enforce"
	// Audit decides and logs, and denies nothing, locked rules aside.
	Audit Mode = "audit"
)

// Enforcement says what becomes of one rule's findings.
type Enforcement string

const (
	Deny   Enforcement = "deny"
	Dryrun Enforcement = "dryrun"
	Off    Enforcement = "off"
)

// parseSettings reads the text of a file. The error joins one for each fault.
func parseSettings(file string, text []byte, bundle *policies.Bundle) (Settings, error) {
	var settings Settings
	document, faults := yamlschema.Read(text)
	if document == nil {
		return settings, yamlschema.Join(file, faults)
	}
	if err := validate(file, document, bundle); err != nil {
		return settings, err
	}
	if err := document.Decode(&settings); err != nil {
		return settings, fmt.Errorf("%s: %w", file, err)
	}
	return settings, settings.sameNames(file)
}

// validate checks settings that a program made as if they came from a file.
func (s Settings) validate(bundle *policies.Bundle) error {
	var node yaml.Node
	if err := node.Encode(s); err != nil {
		return err
	}
	return validate("settings", &node, bundle)
}

func validate(file string, node *yaml.Node, bundle *policies.Bundle) error {
	schema, err := settingsSchema(bundle)
	if err != nil {
		return err
	}
	return yamlschema.Join(file, schema.Check(node))
}

// settingsSchema is schemas/settings.json with the profiles and rules that
// there are, each rule with the params that it has.
func settingsSchema(bundle *policies.Bundle) (*yamlschema.Schema, error) {
	schema, err := policies.Schema("settings")
	if err != nil {
		return nil, err
	}
	for name := range bundle.Profiles {
		schema.Properties["profile"].Enum = append(schema.Properties["profile"].Enum, name)
	}
	slices.Sort(schema.Properties["profile"].Enum)

	rules := schema.Properties["rules"]
	anyRule := rules.AdditionalProperties.Schema
	rules.Properties, rules.AdditionalProperties = map[string]*yamlschema.Schema{}, &yamlschema.Additional{}
	exceptions := schema.Properties["exceptions"].Items.Properties
	excepted := exceptions["rules"].Items
	excepted.Refused = map[string]string{AuthzRule: AuthzRule + " knows no exceptions; write what may pass into that policy"}
	for _, rule := range bundle.Rules {
		rules.Properties[rule.Name] = ruleSchema(*anyRule, rule)
		if rule.Locked {
			excepted.Refused[rule.Name] = rule.Name + " is locked: no exception lifts it"
		} else {
			excepted.Enum = append(excepted.Enum, rule.Name)
		}
	}
	rules.Properties[AuthzRule] = ruleSchema(*anyRule, policies.Rule{Name: AuthzRule})
	if !bundle.HasAuthz() {
		rules.Refused = map[string]string{AuthzRule: "there is no policy of the package docker.authz in the folder rules"}
	}
	exceptions["match"].Properties["operations"].Items.Enum = input.Operations()
	return schema, nil
}

// SettingsSchema is the JSON Schema of settings.yaml, with the rules of a
// configuration folder and their params, for editors.
func SettingsSchema(files fs.FS, dir string) ([]byte, error) {
	bundle, err := readBundle(files, dir)
	if err != nil {
		return nil, err
	}
	schema, err := settingsSchema(bundle)
	if err != nil {
		return nil, err
	}
	text, err := json.MarshalIndent(schema, "", "  ")
	return append(text, '\n'), err
}

func ruleSchema(schema yamlschema.Schema, rule policies.Rule) *yamlschema.Schema {
	enforcement := *schema.Properties["enforcement"]
	if rule.Locked {
		enforcement.Enum = []string{string(Deny)}
		enforcement.Description = rule.Name + " is locked: it is always enforced"
	}
	schema.Title = rule.Title
	schema.Properties = map[string]*yamlschema.Schema{"enforcement": &enforcement}
	if rule.ParamsSchema != nil {
		schema.Properties["params"] = rule.ParamsSchema
	} else {
		schema.Refused = map[string]string{"params": rule.Name + " has no params"}
	}
	return &schema
}

// convert moves generic values into a struct that must know every key.
func convert(from, into any) error {
	text, err := json.Marshal(from)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
