package compose

import (
	"fmt"
	"net/url"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/place"
)

// copyRequests are those for what compose copies into a container: secrets and
// configs whose content is in the compose file or in a variable, and the
// credentials that go with the engine's socket.
func copyRequests(project *types.Project, s types.ServiceConfig, k keys) []Request {
	var all []Request
	add := func(what string, key place.Path) {
		all = append(all, Request{
			Subject: fmt.Sprintf("service %s, %s", s.Name, what),
			Method:  "PUT",
			URI:     "/containers/" + url.PathEscape(containerName(project, s.Name)) + "/archive?noOverwriteDirNonDir=true&path=%2F",
			keys:    keys{parts: k.parts, home: k.home, own: map[string]place.Path{"path": key}},
		})
	}
	for i, secret := range s.Secrets {
		if copied(types.FileObjectConfig(project.Secrets[secret.Source])) {
			add("secret "+secret.Source, place.Path{"secrets", named(i, len(s.Secrets), secret.Source)})
		}
	}
	for i, config := range s.Configs {
		if copied(types.FileObjectConfig(project.Configs[config.Source])) {
			add("config "+config.Source, place.Path{"configs", named(i, len(s.Configs), config.Source)})
		}
	}
	if s.UseAPISocket {
		add("use_api_socket", place.Path{"use_api_socket"})
	}
	return all
}

func copied(file types.FileObjectConfig) bool { return file.Content != "" || file.Environment != "" }
