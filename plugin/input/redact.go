package input

import "github.com/moby/moby/api/types/container"

// The body that rules see and nobody logs still has no Env values: a rule's
// message may quote whatever the rule can read.

func redactCreate(req *createRequest) createRequest {
	redacted := *req
	if req.Config != nil {
		redacted.Config = redactConfig(req.Config)
	}
	return redacted
}

func redactConfig(config *container.Config) *container.Config {
	redacted := *config
	redacted.Env = envNames(config.Env)
	return &redacted
}

func redactService(req *serviceSpec) serviceSpec {
	redacted := *req
	if spec := req.TaskTemplate.ContainerSpec; spec != nil {
		names := *spec
		names.Env = envNames(spec.Env)
		redacted.TaskTemplate.ContainerSpec = &names
	}
	if spec := req.TaskTemplate.PluginSpec; spec != nil {
		names := *spec
		names.Env = envNames(spec.Env)
		redacted.TaskTemplate.PluginSpec = &names
	}
	return redacted
}
