package engine

import (
	"context"
	"fmt"
	"io"
	"net/url"
)

// Container is a container to create. It has no network.
type Container struct {
	Image      string
	User       string
	Entrypoint []string
	Cmd        []string
	HostConfig HostConfig
}

// HostConfig is the part of a container's host configuration that a Container can state.
type HostConfig struct {
	NetworkMode    string
	Privileged     bool
	ReadonlyRootfs bool
	CapDrop        []string
	SecurityOpt    []string
}

// ImportImage makes a local image from a tar of its files.
func (c *Client) ImportImage(ctx context.Context, name string, tar io.Reader) error {
	query := url.Values{"fromSrc": {"-"}, "repo": {name}}.Encode()
	if err := c.call(ctx, "POST", "/images/create?"+query, tar, nil); err != nil {
		return fmt.Errorf("importing image %s: %w", name, err)
	}
	return nil
}

// RemoveImage removes a local image.
func (c *Client) RemoveImage(ctx context.Context, name string) error {
	if err := c.call(ctx, "DELETE", "/images/"+name, nil, nil); err != nil {
		return fmt.Errorf("removing image %s: %w", name, err)
	}
	return nil
}

// CreateContainer creates a container and returns its id.
func (c *Client) CreateContainer(ctx context.Context, container Container) (string, error) {
	var created struct{ ID string }
	if err := c.call(ctx, "POST", "/containers/create", container, &created); err != nil {
		return "", fmt.Errorf("creating a container from %s: %w", container.Image, err)
	}
	return created.ID, nil
}

// RunContainer starts a created container, waits for its end and returns its exit status.
func (c *Client) RunContainer(ctx context.Context, id string) (int, error) {
	if err := c.call(ctx, "POST", "/containers/"+id+"/start", nil, nil); err != nil {
		return 0, fmt.Errorf("starting container %s: %w", id, err)
	}
	var ended struct{ StatusCode int }
	if err := c.call(ctx, "POST", "/containers/"+id+"/wait", nil, &ended); err != nil {
		return 0, fmt.Errorf("waiting for container %s: %w", id, err)
	}
	return ended.StatusCode, nil
}

// RemoveContainer removes a container, running or not.
func (c *Client) RemoveContainer(ctx context.Context, id string) error {
	if err := c.call(ctx, "DELETE", "/containers/"+id+"?force=1", nil, nil); err != nil {
		return fmt.Errorf("removing container %s: %w", id, err)
	}
	return nil
}

// InspectContainers returns all containers, running or not, as docker inspect
// shows them. One that is removed meanwhile is left out.
func (c *Client) InspectContainers(ctx context.Context) ([]map[string]any, error) {
	var listed []struct{ ID string }
	if err := c.call(ctx, "GET", "/containers/json?all=1", nil, &listed); err != nil {
		return nil, fmt.Errorf("listing the containers: %w", err)
	}
	var all []map[string]any
	for _, container := range listed {
		var inspected map[string]any
		if err := c.call(ctx, "GET", "/containers/"+container.ID+"/json", nil, &inspected); IsNotFound(err) {
			continue
		} else if err != nil {
			return nil, fmt.Errorf("inspecting container %s: %w", container.ID, err)
		}
		all = append(all, inspected)
	}
	return all, nil
}

// Info is what an engine tells about itself.
type Info struct {
	Version string
	RootDir string   // where the engine keeps its data
	Authz   []string // the authorization plugins it was started with
}

// Info asks the engine about itself.
func (c *Client) Info(ctx context.Context) (Info, error) {
	var reply struct {
		ServerVersion string
		DockerRootDir string
		Plugins       struct{ Authorization []string }
	}
	if err := c.call(ctx, "GET", "/info", nil, &reply); err != nil {
		return Info{}, fmt.Errorf("asking the engine about itself: %w", err)
	}
	return Info{Version: reply.ServerVersion, RootDir: reply.DockerRootDir, Authz: reply.Plugins.Authorization}, nil
}
