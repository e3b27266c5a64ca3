// Package compose says what docker compose would ask an engine for: it reads a
// compose file with compose's own parser, and makes the requests that compose
// makes of it.
package compose

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"
)

// Request is one that compose sends.
type Request struct {
	// Subject is what it is for: "service web".
	Subject string
	Method  string
	URI     string
	Body    any // nil for what is not shown to plugins
	// keys leads from the request's fields to the file's keys.
	keys keys
}

// Load reads a compose file, which lies in dir, and what compose reads with
// it, and lists the requests of docker compose up on an engine that has
// nothing yet. Values of the environment and files with them are not read.
func Load(ctx context.Context, name, dir string, content []byte) ([]Request, error) {
	logrus.SetLevel(logrus.ErrorLevel) // compose's warnings are about how it would run
	environment, err := environmentOf(dir)
	if err != nil {
		return nil, err
	}
	config := []types.ConfigFile{{Filename: name, Content: content}}
	if override := overrideOf(name); override != "" {
		content, err := os.ReadFile(override)
		if err != nil {
			return nil, err
		}
		config = append(config, types.ConfigFile{Filename: override, Content: content})
	}
	project, err := loader.LoadWithContext(ctx, types.ConfigDetails{WorkingDir: dir, ConfigFiles: config, Environment: environment}, func(o *loader.Options) {
		o.SkipResolveEnvironment = true
		o.Profiles = profiles(environment)
		named := environment["COMPOSE_PROJECT_NAME"]
		o.SetProjectName(cmp.Or(named, loader.NormalizeProjectName(filepath.Base(dir))), named != "")
	})
	if err != nil {
		return nil, locate(err, filesOf(config, environment))
	}
	for _, service := range sorted(project.Services) {
		if len(project.Services[service].PreStart) > 0 {
			return nil, fmt.Errorf("service %s has pre_start, which only compose itself can read; check the command instead: bulwark check -- docker compose -f %s up", service, name)
		}
	}
	return requests(project.WithoutUnnecessaryResources(), filesOf(config, environment)), nil
}

// environmentOf is what variables in the file stand for: the caller's
// environment, and before that the file .env beside the compose file.
func environmentOf(dir string) (types.Mapping, error) {
	environment := types.NewMapping(os.Environ())
	file := filepath.Join(dir, ".env")
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return environment, nil
	}
	more, err := dotenv.GetEnvFromFile(environment, []string{file})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	maps.Copy(more, environment)
	return more, nil
}

func profiles(environment types.Mapping) []string {
	return slices.DeleteFunc(strings.Split(environment["COMPOSE_PROFILES"], ","), func(s string) bool { return s == "" })
}

// requests are in the order in which compose sends them.
func requests(project *types.Project, files []file) []Request {
	var all []Request
	order := inOrder(project)
	for _, name := range order {
		if service := project.Services[name]; service.Build != nil {
			all = append(all, buildRequest(service, files))
		}
	}
	for _, key := range sorted(project.Networks) {
		if network := project.Networks[key]; !bool(network.External) {
			all = append(all, networkRequest(key, network, files))
		}
	}
	for _, key := range sorted(project.Volumes) {
		if volume := project.Volumes[key]; !bool(volume.External) {
			all = append(all, volumeRequest(key, volume, files))
		}
	}
	for _, name := range order {
		service := project.Services[name]
		if service.Provider == nil && service.GetScale() > 0 {
			all = append(all, serviceRequests(project, service, files)...)
		}
	}
	return all
}

// inOrder are the services, each after those that it depends on.
func inOrder(project *types.Project) []string {
	var order []string
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		service, there := project.Services[name]
		if !there || seen[name] {
			return
		}
		seen[name] = true
		needed := service.GetDependencies()
		slices.Sort(needed)
		for _, other := range needed {
			visit(other)
		}
		order = append(order, name)
	}
	for _, name := range sorted(project.Services) {
		visit(name)
	}
	return order
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
