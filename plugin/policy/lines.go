package policy

import (
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// SettingLines are the lines in settings.yaml at which things are set, by key:
// mode, rules.root_user.enforcement, exceptions.NAME. It is empty without the
// file, or when that cannot be read.
func SettingLines(dir string) map[string]int {
	lines := map[string]int{}
	text, err := os.ReadFile(filepath.Join(dir, SettingsFile))
	var document yaml.Node
	if err == nil && yaml.Unmarshal(text, &document) == nil && len(document.Content) == 1 {
		addLines(lines, "", document.Content[0])
	}
	return lines
}

func addLines(lines map[string]int, prefix string, node *yaml.Node) {
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			key := node.Content[i]
			lines[prefix+key.Value] = key.Line
			addLines(lines, prefix+key.Value+".", node.Content[i+1])
		}
	case yaml.SequenceNode:
		for _, element := range node.Content {
			var named struct {
				Name string `yaml:"name"`
			}
			if element.Decode(&named) == nil && named.Name != "" {
				lines[prefix+named.Name] = element.Line
			}
		}
	}
}
